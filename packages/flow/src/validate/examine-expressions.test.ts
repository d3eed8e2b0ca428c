import { FitsConfig, type Json, type NodeDescription, SameAsInput } from '@millrace/contract';
import Type from 'typebox';
import { expect, test } from 'vitest';
import type { FlowDocument } from '../document.ts';
import { catalogue as base, flow } from '../flows.fixture.ts';
import type { TypeChecks } from './examine-expressions.ts';
import { validateFlow } from './validate.ts';

const anything = Type.Unknown();
const described = { kind: 'node', version: 1, title: '', summary: '', icon: '', examples: [], effect: 'pure' } as const;
const config = Type.Record(Type.String(), anything);
const types: NodeDescription[] = [
  { ...described, id: 'test/check', config, outputs: { out: FitsConfig('schema', anything), bad: Type.Object({}) } },
  {
    ...described,
    id: 'test/pass',
    config,
    outputs: { out: SameAsInput(anything) },
    portsFrom: { list: 'cases', field: 'port' },
  },
  { ...described, id: 'test/number', config, outputs: { out: Type.Number() } },
  {
    ...described,
    id: 'test/map',
    config,
    outputs: { out: FitsConfig('to', anything) },
    mapping: { expression: 'text', fields: 'lines', target: 'to' },
  },
];
const catalogue = { ...base, nodes: [...base.nodes, ...types] };

const check = (schema: Json) => ({ type: 'test/check', config: { schema } });
const order = { type: 'object', title: 'order' };
const map = (more: object = {}) => ({ type: 'test/map', config: { text: 'a', ...more } });
const pass = { type: 'test/pass', config: { cases: [{ port: 'large' }] } };

const none = { problems: [], open: [] };
/** Checks that look at mappings alone. */
const checksBy = (mapping: TypeChecks['mapping']) => {
  const expression = () => ({ steps: [], readsAllSteps: false, params: [], variables: [] });
  return { expression, types: { mapping, expression: () => none } };
};

/** What the check of the mapping at `map` is told that it reads. */
function told(edges: string, nodes: Parameters<typeof flow>[1], more: Partial<FlowDocument> = {}) {
  const calls: Parameters<TypeChecks['mapping']>[] = [];
  const note: TypeChecks['mapping'] = (...call) => {
    calls.push(call);
    return none;
  };
  const problems = validateFlow({ ...flow(edges, nodes), ...more }, catalogue, checksBy(note));
  expect(problems).toEqual([]);
  expect(calls).toHaveLength(1);
  return calls[0] ?? expect.fail();
}
const inputAt = (...flow: Parameters<typeof told>) => told(...flow)[1].input;

test('a mapping is held against the schema of the node before it', () => {
  expect(inputAt('start > c, c > m', { c: check(order), m: map() })).toEqual([order]);
  expect(inputAt('start > n, n > m', { n: { type: 'test/number' }, m: map() })).toEqual([{ type: 'number' }]);
  expect(inputAt('start > m', { m: map() })).toEqual([{}]);
});

test('a schema is followed through nodes that pass on what they get, and through errors', () => {
  const nodes = { c: check(order), p: pass, q: pass, m: map() };
  expect(inputAt('start > c, c > p, p.large > q, q > m', nodes)).toEqual([order]);
  expect(inputAt('start > c, c > p, p.error > m', { c: check(order), p: pass, m: map() })).toEqual([order]);
});

test('where ways meet the data is of one of them, and unknown if one is', () => {
  const other = { type: 'array' };
  const nodes = { p: pass, c: check(order), d: check(other), m: map() };
  expect(new Set(inputAt('start > p, p > c, p.large > d, c > m, d > m', nodes))).toEqual(new Set([order, other]));
  expect(
    inputAt('start > c, c > m, c.bad > p, p > m', { c: check(order), p: check({ not: '{% $ %}' }), m: map() }),
  ).toBe(undefined);
});

test('where branches join nothing is known', () => {
  expect(inputAt('start > c d, c > m, d > m', { c: check(order), d: check(order), m: map() })).toBe(undefined);
});

test('in a body the item is unknown, and what its nodes give is known', () => {
  const inLoop = { parent: 'loop' };
  expect(inputAt('start > loop', { m: { ...map(), ...inLoop } })).toBe(undefined);
  const nodes = { c: { ...check(order), ...inLoop }, m: { ...map(), ...inLoop } };
  expect(inputAt('start > loop, c > m', nodes)).toEqual([order]);
});

test('steps, the payload and the parameters are known too', () => {
  const parameters = { type: 'object' };
  const nodes = { c: check(order), x: { type: 'test/number' }, p: pass, m: map() };
  const [, sources] = told('start > c, c > x, x > p, p > m, x.error > h', nodes, { parameters });
  expect(sources.params).toBe(parameters);
  expect(sources.trigger).toEqual([{}]);
  expect(['start', 'c', 'x', 'p', 'nobody'].map(sources.output)).toEqual([
    [{}],
    [order],
    [{ type: 'number' }],
    [{ type: 'number' }],
    undefined,
  ]);
});

test('a mapping before it gives what its target says', () => {
  const calls = (to: Json) => {
    const inputs: unknown[] = [];
    const mapping: TypeChecks['mapping'] = (_, { input }) => {
      inputs.push(input);
      return none;
    };
    validateFlow(flow('start > m, m > n', { m: map({ to }), n: map() }), catalogue, checksBy(mapping));
    return inputs;
  };
  expect(calls(order)).toEqual([[{}], [order]]);
  expect(calls({ const: '{% $ %}' })).toEqual([undefined]);
});

test('problems point into the config of the node, wherever it keeps its mapping', () => {
  const mapping: TypeChecks['mapping'] = (given) => ({
    problems: [
      { code: 'X', pointer: '/fields/0/from', message: JSON.stringify(given) },
      { code: 'Y', pointer: '/expression', message: '', severity: 'warning' },
    ],
    open: [],
  });
  const document = flow('start > m', { m: { type: 'test/map', config: { lines: [], to: order } } });
  expect(validateFlow(document, catalogue, checksBy(mapping))).toEqual([
    { code: 'X', pointer: '/nodes/m/config/lines/0/from', message: JSON.stringify({ fields: [], target: order }) },
    { code: 'Y', pointer: '/nodes/m/config/text', message: '', severity: 'warning' },
  ]);
});
