import { describe, expect, test } from 'vitest';
import type { FlowDocument } from '../document.ts';
import { catalogue, flow } from '../flows.fixture.ts';
import type { ExpressionCheck } from './check-expressions.ts';
import { validateFlow } from './validate.ts';

/** Finds names by their spelling. */
const check: ExpressionCheck = (text) => {
  const all = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name as string))];
  return { steps: all(/\$steps\.(\w+)/g), readsAllSteps: false, params: [], variables: all(/\$(\w+)/g) };
};

function problems(document: FlowDocument): readonly string[] {
  return validateFlow(document, catalogue, { expression: check }).map(({ code, pointer }) => `${code} ${pointer}`);
}

const inLoop = { parent: 'loop' };
const reading = (text: string, parent?: string) => ({ config: { text: `{% ${text} %}` }, ...(parent && { parent }) });

describe('a body', () => {
  test('of one node, of several that begin at once, or with loops in it is sound', () => {
    expect(problems(flow('start > loop', { a: inLoop }))).toEqual([]);
    expect(problems(flow('start > loop, loop > z, a > j, b > j', { a: inLoop, b: inLoop, j: inLoop }))).toEqual([]);
    expect(problems(flow('start > loop', { loopIn: inLoop, a: { parent: 'loopIn' } }))).toEqual([]);
  });

  test('may not be empty', () => {
    expect(problems(flow('start > loop'))).toEqual(['BODY_EMPTY /nodes/loop']);
  });

  test('belongs to a node that exists and has one', () => {
    expect(problems(flow('start > a', { b: { parent: 'ghost' } }))).toEqual(['PARENT_UNKNOWN /nodes/b/parent']);
    expect(problems(flow('start > a', { b: { parent: 'a' } }))).toEqual(['PARENT_WITHOUT_BODY /nodes/b/parent']);
  });

  test('of a node of unknown type is not blamed', () => {
    expect(problems(flow('start > a', { a: { type: 'test/unheard' }, b: { parent: 'a' } }))).toEqual([
      'NODE_TYPE_UNKNOWN /nodes/a/type',
    ]);
  });

  test('holds no trigger', () => {
    expect(problems(flow('start > loop', { a: inLoop, start2: inLoop }))).toEqual([
      'TRIGGER_IN_BODY /nodes/start2/parent',
    ]);
  });

  test('does not stand in itself, be it by way of others', () => {
    const circle = { loop: { parent: 'loopIn' }, loopIn: { parent: 'loop' } };
    expect(problems(flow('start > a', circle))).toEqual([
      'PARENT_CYCLE /nodes/loop/parent',
      'PARENT_CYCLE /nodes/loopIn/parent',
    ]);
    expect(problems(flow('start > a', { loop: { parent: 'loop' } }))).toContain('PARENT_CYCLE /nodes/loop/parent');
  });

  test('stands in seven others at most', () => {
    const levels = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, level) => [
          level === count - 1 ? 'a' : `loop${level + 1}`,
          { parent: `loop${level}` },
        ]),
      );
    expect(problems(flow('start > loop0', levels(8)))).toEqual([]);
    expect(problems(flow('start > loop0', levels(9)))).toEqual(['BODY_TOO_DEEP /nodes/a/parent']);
  });

  test('has a border that no edge crosses', () => {
    const bodies = { a: inLoop, b: { parent: 'loop2' } };
    const crossing = (edges: string) => problems(flow(`start > loop, loop > loop2, ${edges}`, bodies));
    expect(crossing('loop > a')).toEqual(['EDGE_CROSSES_BODY /edges/2']);
    expect(crossing('a > loop2')).toEqual(['EDGE_CROSSES_BODY /edges/2']);
    expect(crossing('a > b')).toEqual(['EDGE_CROSSES_BODY /edges/2']);
    expect(crossing('loop2 > z, a.error > z')).toEqual(['EDGE_CROSSES_BODY /edges/3']);
  });

  test('may not run in a circle itself', () => {
    expect(problems(flow('start > loop, a > b, b > a', { a: inLoop, b: inLoop }))).toEqual([
      'FLOW_CYCLE /edges/2',
      'NODE_UNREACHABLE /nodes/a',
      'NODE_UNREACHABLE /nodes/b',
    ]);
  });

  test('has branches that nest, and not too many at once', () => {
    const bodies = Object.fromEntries(['f', 'a', 'b', 'c', 'x', 'y'].map((id) => [id, inLoop]));
    const edges = 'start > loop, f > a b c, a > x, b > x, b > y, c > y';
    expect(problems(flow(edges, bodies))).toEqual(['FAN_OUT_CROSSING /edges/4', 'FAN_OUT_CROSSING /edges/7']);
    const wide = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`n${index}`, inLoop]));
    expect(problems(flow('start > loop', wide))).toEqual(['FAN_OUT_TOO_WIDE /nodes/loop']);
  });

  test('does not hold the node that takes the errors of the whole flow', () => {
    expect(problems({ ...flow('start > loop', { a: inLoop }), onError: 'a' })).toEqual(['ON_ERROR_IN_BODY /onError']);
  });

  test('belongs to a loop that is never tried again as a whole', () => {
    expect(problems(flow('start > loop', { loop: { retry: { attempts: 2 } }, a: inLoop }))).toEqual([
      'RETRY_POINTLESS /nodes/loop/retry',
    ]);
  });

  test('with a malformed node in it does not make its edges look as if they crossed the border', () => {
    const document = flow('start > loop, a > b', { a: inLoop, b: inLoop });
    const nodes = { ...document.nodes, a: { type: 'test/work', parent: 'loop' } } as unknown as FlowDocument['nodes'];
    expect(problems({ ...document, nodes })).toEqual([
      'FLOW_MALFORMED /nodes/a/version',
      'FLOW_MALFORMED /nodes/a/config',
    ]);
  });
});

describe('expressions in a body', () => {
  const at = (text: string, parent?: string) =>
    problems(
      flow('start > before, before > loop, loop > after, a > b', {
        a: inLoop,
        b: parent === 'loop' ? reading(text, 'loop') : inLoop,
        ...(parent === undefined && { after: reading(text) }),
      }),
    );

  test('may read the item, the nodes before in the body, and all that the loop may', () => {
    expect(at('$item & $index & $steps.a & $steps.before & $steps.start & $trigger', 'loop')).toEqual([]);
  });
  test('may not read the loop itself or what comes behind it', () => {
    expect(at('$steps.loop', 'loop')).toEqual(['STEP_NOT_BEFORE /nodes/b/config/text']);
    expect(at('$steps.after', 'loop')).toEqual(['STEP_NOT_BEFORE /nodes/b/config/text']);
  });
  test('are the only ones that see an item, and nodes of the body', () => {
    expect(at('$item')).toEqual(['VARIABLE_UNKNOWN /nodes/after/config/text']);
    expect(at('$index')).toEqual(['VARIABLE_UNKNOWN /nodes/after/config/text']);
    expect(at('$steps.a')).toEqual(['STEP_NOT_BEFORE /nodes/after/config/text']);
    expect(at('$steps.loop')).toEqual([]);
  });
  test('see the error behind which the loop stands, and only then', () => {
    const edges = (port: string) => `start > x, x.${port} > loop`;
    const bodies = { loopIn: inLoop, a: reading('$error', 'loopIn') };
    expect(problems(flow(edges('error'), bodies))).toEqual([]);
    expect(problems(flow(edges('out'), bodies))).toEqual(['VARIABLE_UNKNOWN /nodes/a/config/text']);
  });
});

/* R-X1, attack 96: shapes that are made to be costly; vitest's own limit is what one that explodes would run into. */
describe('a hostile document', () => {
  const ids = Array.from({ length: 1999 }, (_, index) => `n${index}`);
  const work = { type: 'test/work', version: 1, config: {} };
  const document = (node: (index: number) => object, edges: FlowDocument['edges']): FlowDocument => ({
    format: 1,
    id: 'hostile',
    name: 'Hostile',
    nodes: {
      start: { type: 'test/hook', version: 1, config: {} },
      ...Object.fromEntries(ids.map((id, index) => [id, { ...work, ...node(index) }])),
    },
    edges,
  });
  const codesOf = (flow: FlowDocument) =>
    new Set(validateFlow(flow, catalogue, { expression: check }).map(({ code }) => code));
  const loops = (parent: (index: number) => string | undefined) =>
    document((index) => ({ type: 'test/loop', ...(parent(index) && { parent: parent(index) }) }), []);

  test('of ten thousand nodes is too large', () => {
    const nodes = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, work]));
    expect(codesOf({ ...document(() => ({}), []), nodes })).toEqual(new Set(['FLOW_TOO_LARGE']));
  });
  test('may be allowed by a larger bound', () => {
    const bounds = { nodes: 1, edges: 1, branches: 16, bodyDepth: 8, steps: 10, passes: 10, passesAtOnce: 10 };
    const small = flow('start > a');
    expect(validateFlow(small, catalogue, { expression: check }, bounds)).toMatchObject([{ code: 'FLOW_TOO_LARGE' }]);
    expect(validateFlow(small, catalogue, { expression: check }, { ...bounds, nodes: 2 })).toEqual([]);
  });
  test('with ten thousand edges from one port', () => {
    const edges = Array.from({ length: 10_000 }, (_, index) => ({ from: 'n0', to: ids[1 + (index % 1998)] ?? '' }));
    expect(codesOf(document(() => ({}), edges))).toContain('FAN_OUT_TOO_WIDE');
  });
  test('with two thousand bodies one in the other, or in a circle', () => {
    expect(codesOf(loops((index) => ids[index - 1]))).toContain('BODY_TOO_DEEP');
    expect(codesOf(loops((index) => ids[(index + 1) % ids.length]))).toContain('PARENT_CYCLE');
  });
  test('with eight thousand edges at random', () => {
    const place = (index: number, by: number) => (index * by) % ids.length;
    const random = Array.from({ length: 8000 }, (_, index) => {
      const [low, high] = [place(index, 7919), place(index, 104_729)].sort((a, b) => a - b);
      const port = ['out', 'other', 'bad', 'error'][index % 4] ?? '';
      return { from: ids[low ?? 0] ?? '', port, to: ids[high ?? 0] ?? '' };
    }).filter(({ from, to }) => from !== to);
    const chain = ids.map((to, index) => ({ from: ids[index - 1] ?? 'start', to }));
    expect(codesOf(document(() => ({}), [...chain, ...random]))).toContain('FLOW_TOO_LARGE');
  });
});
