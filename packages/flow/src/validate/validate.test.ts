import Type from 'typebox';
import { describe, expect, test } from 'vitest';
import type { FlowDocument } from '../document.ts';
import { catalogue, flow } from '../flows.fixture.ts';
import type { ExpressionCheck } from './check-expressions.ts';
import { validateFlow } from './validate.ts';

/** Finds names by their spelling; a text with `((` does not parse. */
const check: ExpressionCheck = (text) => {
  const all = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name as string))];
  if (text.includes('(('))
    return {
      error: { code: 'S0207', message: 'Unexpected end.', position: 3 },
      steps: [],
      readsAllSteps: false,
      params: [],
      variables: [],
    };
  const readsAllSteps = /\$steps(?!\.\w)/.test(text);
  return { readsAllSteps, steps: all(/\$steps\.(\w+)/g), params: all(/\$params\.(\w+)/g), variables: all(/\$(\w+)/g) };
};

/** `CODE pointer` of every problem. */
function problems(document: unknown): readonly string[] {
  return validateFlow(document, catalogue, { expression: check }).map(({ code, pointer }) => `${code} ${pointer}`);
}

const put = (config: object = {}) => ({
  type: 'test/put',
  connection: 'box',
  config: config as Record<string, unknown>,
});
const withBox = (document: FlowDocument): FlowDocument => ({
  ...document,
  connections: { box: { type: 'test/folder' } },
});
const withText = (text: string) => ({ config: { text } });

describe('a sound flow', () => {
  test('has no problems', () => {
    const document = flow('start > a, a > b c, b > j, c > j, a.error > handler, b.bad > handler', {
      b: withText('{% $steps.a.id & $params.prefix & $trigger.body %}'),
      handler: withText('{% $error.message %}'),
    });
    expect(
      problems({ ...document, parameters: { type: 'object', properties: { prefix: { type: 'string' } } } }),
    ).toEqual([]);
  });

  test('may take errors by a node that no edge leads to', () => {
    expect(problems({ ...flow('start > a, handler > tidy'), onError: 'handler' })).toEqual([]);
  });
});

describe('R-X1 every problem is reported at once', () => {
  test('in a flow with a dozen mistakes', () => {
    const document = flow('start > a, start > a, a > ghost, a.nowhere > b, b > start, lost > lost', {
      a: { version: 7 },
      b: { type: 'test/unheard' },
      lost: { config: { text: 5 } },
    });
    const { ghost, ...nodes } = document.nodes;
    expect(
      problems({ ...document, nodes, format: 2, connections: { box: { type: 'test/folder' } }, onError: 'nobody' }),
    ).toEqual([
      'FLOW_MALFORMED /format',
      'NODE_VERSION_UNKNOWN /nodes/a/version',
      'NODE_TYPE_UNKNOWN /nodes/b/type',
      'CONFIG_INVALID /nodes/lost/config/text',
      'CONNECTION_UNUSED /connections/box',
      'EDGE_DUPLICATE /edges/1',
      'EDGE_END_UNKNOWN /edges/2/to',
      'PORT_UNKNOWN /edges/3/port',
      'EDGE_INTO_TRIGGER /edges/4/to',
      'ON_ERROR_UNKNOWN /onError',
      'FLOW_CYCLE /edges/4',
      'FLOW_CYCLE /edges/5',
      'NODE_UNREACHABLE /nodes/lost',
    ]);
  });

  test('more than eight of the same kind', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const document = flow(`start > ${ids.slice(0, 10).join(' ')}, n0 > ${ids.slice(10).join(' ')}`);
    const nodes = Object.fromEntries(
      Object.entries(document.nodes).map(([id, node]) => [id, { ...node, colour: 'red' }]),
    );
    expect(problems({ ...document, nodes })).toHaveLength(21);
  });

  test('each with one human sentence', () => {
    const document = flow('start > a, a > start, b > a', { a: { type: 'test/none' } });
    for (const { message } of validateFlow({ ...document, extra: 1, name: '' }, catalogue, { expression: check })) {
      expect(message).toMatch(/^\S.*\.$/);
    }
  });
});

describe('the form of the document', () => {
  test.each([null, 5, 'flow', [], {}, { nodes: [], edges: {} }])('%j is no flow', (document) => {
    expect(problems(document).length).toBeGreaterThan(0);
  });

  test('a malformed node or edge is reported once, and what hangs on it is not blamed', () => {
    const document = flow('start > a, a > b');
    expect(problems({ ...document, nodes: { ...document.nodes, a: { type: 'test/work' } } })).toEqual([
      'FLOW_MALFORMED /nodes/a/version',
      'FLOW_MALFORMED /nodes/a/config',
    ]);
    expect(problems({ ...document, edges: [document.edges[0], { from: 'a' }] })).toEqual([
      'FLOW_MALFORMED /edges/1/to',
    ]);
  });

  test('an id that is no id is refused', () => {
    const document = flow('start > a');
    const nodes = { ...document.nodes, 'a b': document.nodes.a };
    expect(problems({ ...document, nodes })).toEqual(['ID_INVALID /nodes/a b']);
  });

  test('a text that stands in a file which did not come along is missed', () => {
    const document = flow('start > a', { a: { config: { text: { $file: 'a.jsonata' } } } });
    expect(problems(document)).toContain('FILE_NOT_INCLUDED /nodes/a/config/text');
  });
});

describe('config', () => {
  test('is held against the type’s schema, an expression standing for any value of its field', () => {
    const document = flow('start > a', { a: { config: { text: '{% 1 + 1 %}', colour: 'red' } } });
    expect(problems(document)).toEqual(['CONFIG_INVALID /nodes/a/config/colour']);
  });

  test('a literal in an expression field is judged as a literal', () => {
    const [problem, ...others] = validateFlow(withBox(flow('start > a', { a: put({ name: 'x' }) })), catalogue, {
      expression: check,
    });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      pointer: '/nodes/a/config/name',
      message: 'This must not have fewer than 3 characters.',
    });
  });

  test('a port that the config names may not take the name of another', () => {
    const cases = ['large', 'otherwise', 'large', 'a b'].map((port) => ({ port }));
    const document = flow('start > a, a.large > b', { a: { type: 'test/branch', config: { cases } } });
    expect(problems(document)).toEqual(Array(3).fill('PORT_NAME_INVALID /nodes/a/config/cases'));
  });

  test('a pause may be written short or in the ISO form', () => {
    const retried = (schedule: string[]) => problems(flow('start > a', { a: { retry: { schedule } } }));
    expect(retried(['1m', 'PT15M', '6h'])).toEqual([]);
    expect(retried(['soon'])).toEqual(['FLOW_MALFORMED /nodes/a/retry/schedule/0']);
  });

  test('a trigger is never tried again and may not say so; what only computes may, for a machine may be busy', () => {
    const retry = { attempts: 2 };
    const branch = { type: 'test/branch', config: { cases: [] }, retry };
    expect(problems(flow('start > a, a > b', { start: { retry }, a: branch, b: { retry } }))).toEqual([
      'RETRY_POINTLESS /nodes/start/retry',
    ]);
  });

  test('a remark does nothing that could be tried again', () => {
    const remark = { type: 'test/note' };
    expect(problems(flow('start > a', { remark }))).toEqual([]);
    expect(problems(flow('start > a', { remark: { ...remark, retry: { attempts: 2 } } }))).toEqual([
      'RETRY_POINTLESS /nodes/remark/retry',
    ]);
  });
});

describe('connections', () => {
  const using = (connection: Partial<FlowDocument['nodes'][string]>, connections?: FlowDocument['connections']) =>
    problems({ ...flow('start > a', { a: { type: 'test/put', ...connection } }), ...(connections && { connections }) });

  test('a node that needs one must name one', () => {
    expect(using({})).toEqual(['CONNECTION_MISSING /nodes/a/connection']);
  });
  test('a node that needs one only with some configs must name one with those', () => {
    const nodes = catalogue.nodes.map((type) =>
      type.id === 'test/put'
        ? { ...type, connectionOptional: Type.Object({ name: Type.Optional(Type.Literal('none')) }) }
        : type,
    );
    const codes = (config: object) =>
      validateFlow(
        flow('start > a', { a: { type: 'test/put', config: { ...config } } }),
        { ...catalogue, nodes },
        { expression: check },
      ).map(({ code, pointer }) => `${code} ${pointer}`);
    expect(codes({})).toEqual([]);
    expect(codes({ name: 'none' })).toEqual([]);
    expect(codes({ name: 'some' })).toEqual(['CONNECTION_MISSING /nodes/a/connection']);
  });
  test('the one it names must be declared', () => {
    expect(using({ connection: 'box' })).toEqual(['CONNECTION_UNKNOWN /nodes/a/connection']);
  });
  test('and be of the right type', () => {
    expect(using({ connection: 'box' }, { box: { type: 'test/mailbox' } })).toEqual([
      'CONNECTION_TYPE_WRONG /nodes/a/connection',
    ]);
  });
  test('a node that needs none may not name one', () => {
    expect(using({ type: 'test/work', connection: 'box' }, { box: { type: 'test/folder' } })).toEqual([
      'CONNECTION_NOT_NEEDED /nodes/a/connection',
    ]);
  });
  test('a type must exist', () => {
    expect(using({ connection: 'box' }, { box: { type: 'test/unheard' } })).toContain(
      'CONNECTION_TYPE_UNKNOWN /connections/box/type',
    );
  });
});

describe('expressions', () => {
  const at = (text: string) => problems(flow('start > a, a > b, b > c', { b: withText(text) }));

  test('that do not parse', () => {
    expect(at('{% (( %}')).toEqual(['EXPRESSION_PARSE /nodes/b/config/text']);
  });
  test('that read a node which does not exist, comes later, or is the node itself', () => {
    expect(at('{% $steps.ghost %}')).toEqual(['STEP_UNKNOWN /nodes/b/config/text']);
    expect(at('{% $steps.c %}')).toEqual(['STEP_NOT_BEFORE /nodes/b/config/text']);
    expect(at('{% $steps.b %}')).toEqual(['STEP_NOT_BEFORE /nodes/b/config/text']);
    expect(at('{% $steps.a & $steps.start %}')).toEqual([]);
  });
  test('that read a node in a branch beside', () => {
    expect(problems(flow('start > a b', { b: withText('{% $steps.a %}') }))).toEqual([
      'STEP_NOT_BEFORE /nodes/b/config/text',
    ]);
  });
  test('that read a parameter which is not declared', () => {
    expect(at('{% $params.due %}')).toEqual(['PARAMETER_UNKNOWN /nodes/b/config/text']);
  });
  test('that read a variable which does not exist', () => {
    expect(at('{% $nothing %}')).toEqual(['VARIABLE_UNKNOWN /nodes/b/config/text']);
  });
  test('that read $error where no error leads', () => {
    expect(at('{% $error.code %}')).toEqual(['VARIABLE_UNKNOWN /nodes/b/config/text']);
  });
  test('are literals without the braces', () => {
    expect(at('$steps.ghost')).toEqual([]);
  });
  test('are found in JSONata texts and in the lines of a field map, where items have a name', () => {
    const fields = [
      { to: 'id', from: '$steps.ghost' },
      { to: 'lines', each: '$nothing', fields: [{ to: 'no', from: '$index + $item.no' }] },
      { to: 'no', from: '$index' },
    ];
    expect(problems(withBox(flow('start > a', { a: put({ when: '$params.due', fields }) })))).toEqual([
      'PARAMETER_UNKNOWN /nodes/a/config/when',
      'STEP_UNKNOWN /nodes/a/config/fields/0/from',
      'VARIABLE_UNKNOWN /nodes/a/config/fields/1/each',
      'VARIABLE_UNKNOWN /nodes/a/config/fields/2/from',
    ]);
  });
});

describe('the graph', () => {
  test('needs a trigger', () => {
    expect(problems(flow('a > b'))).toEqual(['TRIGGER_MISSING /nodes']);
  });
  test('may not run in a circle', () => {
    const [problem] = validateFlow(flow('start > a, a > b, b > c, c > a'), catalogue, { expression: check });
    expect(problem).toMatchObject({ code: 'FLOW_CYCLE', message: 'The flow runs in a circle: “a” → “b” → “c” → “a”.' });
  });
  test('names both edges of branches that do not nest', () => {
    const [first, second] = validateFlow(flow('start > f, f > a b c, a > x, b > x, b > y, c > y'), catalogue, {
      expression: check,
    });
    expect(first).toMatchObject({
      pointer: '/edges/4',
      message: 'The branches do not nest: “a” → “x” crosses “c” → “y”.',
    });
    expect(second).toMatchObject({ pointer: '/edges/7', message: first?.message });
  });
  test('may fan out into sixteen branches and no more', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`).join(' ');
    expect(problems(flow(`start > ${ids(16)}`))).toEqual([]);
    expect(problems(flow(`start > ${ids(17)}`))).toEqual(['FAN_OUT_TOO_WIDE /nodes/start']);
  });
  test('may have two thousand nodes and no more', () => {
    const chain = (length: number) =>
      flow(Array.from({ length }, (_, index) => (index === 0 ? 'start > n1' : `n${index} > n${index + 1}`)).join(','));
    expect(problems(chain(1999))).toEqual([]);
    expect(problems(chain(10_000))).toEqual(['FLOW_TOO_LARGE /nodes']);
  });
});
