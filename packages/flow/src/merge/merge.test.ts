import { describe, expect, test } from 'vitest';
import type { FlowBundle, FlowDocument, FlowNode } from '../document.ts';
import { flow } from '../flows.fixture.ts';
import type { Conflict } from './conflict.ts';
import { merge } from './merge.ts';
import { resolve } from './resolve.ts';

const bundle = (document: FlowDocument, more: Partial<FlowBundle> = {}): FlowBundle => ({
  flow: document,
  layout: { nodes: {} },
  samples: {},
  tests: {},
  records: [],
  ...more,
});
const chain = (nodes: Readonly<Record<string, Partial<FlowNode>>> = {}) => bundle(flow('start > a, a > b', nodes));
/** A node `a` that maps by these lines. */
const mapping = (...fields: object[]) => chain({ a: { config: { fields } } });
const line = (to: string, from = to) => ({ to, from });

const places = (conflicts: readonly Conflict[]) => conflicts.map(({ pointer }) => pointer);
const linesOf = ({ flow }: FlowBundle) =>
  Object.values(flow.nodes.a?.config.fields ?? {}).map(({ to }) => to as string);
const edgesOf = ({ flow }: FlowBundle) => flow.edges.map(({ from, to }) => `${from}>${to}`);
const [atA, atLines] = ['/flow/nodes/a', '/flow/nodes/a/config/fields'];

describe('R-X6 lines of a field map', () => {
  const base = mapping(line('id'), line('date'), { to: 'items', each: 'lines', fields: [line('sku'), line('qty')] });

  test('are merged by their target, those of nested lists too, wherever they stand', () => {
    const nested = (...fields: object[]) => ({ to: 'items', each: 'lines', fields });
    const mine = mapping(nested(line('sku', 'mine'), line('qty')), line('id'), line('date'));
    const theirs = mapping(line('id', 'theirs'), line('date'), nested(line('sku'), line('uom'), line('qty')));
    const { bundle, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(bundle.flow.nodes.a?.config.fields).toEqual([
      nested(line('sku', 'mine'), line('uom'), line('qty')),
      line('id', 'theirs'),
      line('date'),
    ]);
  });

  test('that both have moved, each elsewhere, are a conflict about the order', () => {
    const of = (...names: string[]) => mapping(...names.map((name) => line(name)));
    const merged = merge(of('x', 'y', 'z'), of('y', 'x', 'z', 'new'), of('x', 'z', 'y'));
    expect(merged.conflicts).toEqual([
      {
        kind: 'order',
        pointer: atLines,
        base: ['x', 'y', 'z'],
        mine: ['y', 'x', 'z', 'new'],
        theirs: ['x', 'z', 'y'],
      },
    ]);
    expect(linesOf(merged.bundle)).toEqual(['y', 'x', 'z', 'new']);
    expect(linesOf(resolve(merged, merged.conflicts[0] as Conflict, 'theirs').bundle)).toEqual(['x', 'z', 'new', 'y']);
  });

  test('made of a value by one and of a list by the other is one conflict, not a line that is both', () => {
    const list = { to: 'date', each: 'dates', fields: [line('day')] };
    const merged = merge(mapping(line('date')), mapping(line('date', 'mine')), mapping(list));
    expect(merged.conflicts).toMatchObject([{ pointer: `${atLines}/date`, theirs: list }]);
    const [conflict] = merged.conflicts as [Conflict];
    expect(resolve(merged, conflict, 'theirs').bundle.flow.nodes.a?.config.fields).toEqual([list]);
  });

  test('taken back from a conflict stand where they stood', () => {
    const merged = merge(
      mapping(line('x'), line('y'), line('z')),
      mapping(line('x'), line('z')),
      mapping(line('x'), line('y', 'theirs'), line('z')),
    );
    expect(linesOf(merged.bundle)).toEqual(['x', 'z']);
    const { bundle, conflicts } = resolve(merged, merged.conflicts[0] as Conflict, 'theirs');
    expect(linesOf(bundle)).toEqual(['x', 'y', 'z']);
    expect(conflicts).toEqual([]);
  });

  test('of which two have the same target are one value together', () => {
    const twice = mapping(line('x'), line('x', 'other'));
    expect(places(merge(twice, mapping(line('x', 'mine')), mapping(line('y'))).conflicts)).toEqual([atLines]);
  });
});

describe('R-X6 a node', () => {
  test('that I took out and they changed is a conflict with its edges; either answer makes a whole flow', () => {
    const mine = bundle(flow('start > b'));
    const theirs = chain({ a: { title: 'Theirs' } });
    const merged = merge(chain(), mine, theirs);
    expect(places(merged.conflicts).sort()).toEqual(['/flow/edges/a>b', '/flow/edges/start>a', atA]);
    expect(merged.bundle.flow).toEqual(mine.flow);
    const all = merged.conflicts.reduce((each, conflict) => resolve(each, conflict, 'theirs'), merged).bundle;
    expect(all.flow.nodes).toEqual(theirs.flow.nodes);
    expect(edgesOf(all)).toEqual(['a>b', 'start>a', 'start>b']);
  });

  test('that they took out and I lead an edge to is a conflict, and stays', () => {
    const mine = bundle(flow('start > a, a > b, c > a, start > c'));
    const { bundle: merged, conflicts } = merge(chain(), mine, bundle(flow('start > b')));
    expect(places(conflicts)).toContain(atA);
    expect(edgesOf(merged)).toEqual(['a>b', 'c>a', 'start>a', 'start>b', 'start>c']);
  });

  test('that they made one of another type while I changed its config is one conflict', () => {
    const other = { type: 'test/wait', config: { until: 'noon' } };
    const theirs = chain({ a: other });
    const { bundle, conflicts } = merge(chain(), chain({ a: { config: { text: 'mine' } } }), theirs);
    expect(conflicts).toMatchObject([{ pointer: atA, theirs: other }]);
    expect(bundle.flow.nodes.a).toMatchObject({ type: 'test/work', config: { text: 'mine' } });
    expect(merge(chain(), chain({ a: { title: 'Mine' } }), theirs)).toMatchObject({
      conflicts: [],
      bundle: { flow: { nodes: { a: { ...other, title: 'Mine' } } } },
    });
  });

  test('whose box both have moved is no conflict: it stays where it is in mine', () => {
    const at = (x: number) => bundle(flow('start > a'), { layout: { nodes: { a: { x, y: x } } } });
    expect(merge(at(0), at(1), at(2))).toMatchObject({ conflicts: [], bundle: at(1) });
  });
});

test('R-X6 a slot that I took out and they use anew is a conflict', () => {
  const slot = { connections: { box: { type: 'test/folder' } } };
  const using = (...ids: string[]) =>
    bundle({
      ...flow('start > a, a > b', Object.fromEntries(ids.map((id) => [id, { type: 'test/put', connection: 'box' }]))),
      ...(ids.length > 0 && slot),
    });
  expect(places(merge(using('a'), using(), using('a', 'b')).conflicts)).toContain('/flow/connections/box');
});

test('R-X6 states of a life cycle, required fields and parameters that each side added are all there', () => {
  const version = (name?: string) => {
    const more = name === undefined ? [] : [name];
    const schema = { required: ['id', ...more] };
    const lifecycle = { field: 'state', initial: 'NEW', transitions: { NEW: ['SENT', ...more] } };
    const properties = Object.fromEntries(more.map((each) => [each, { type: 'string' }]));
    return bundle(
      { ...flow('start > a'), ...(name !== undefined && { parameters: { type: 'object', properties } }) },
      { records: [{ id: 'order', title: 'Order', schema, lifecycle }] },
    );
  };
  const { bundle: merged, conflicts } = merge(version(), version('mine'), version('theirs'));
  expect(conflicts).toEqual([]);
  expect(merged.records[0]).toMatchObject({
    schema: { required: ['id', 'mine', 'theirs'] },
    lifecycle: { transitions: { NEW: ['SENT', 'mine', 'theirs'] } },
  });
  expect(Object.keys(merged.flow.parameters?.properties as object)).toEqual(['mine', 'theirs']);
});

test('R-X6 a combination that is wrong, though each side is right, is left for validation to report', () => {
  const { bundle: merged, conflicts } = merge(
    bundle(flow('start > a b')),
    bundle(flow('start > a b, a > b')),
    bundle(flow('start > a b, b > a')),
  );
  expect(conflicts).toEqual([]);
  expect(edgesOf(merged)).toEqual(['a>b', 'b>a', 'start>a', 'start>b']);
});

describe('R-X6 a conflict', () => {
  const merged = merge(
    mapping(line('x'), line('y')),
    mapping(line('x', 'mine'), line('y')),
    mapping(line('x', 'theirs'), line('y')),
  );
  const [conflict] = merged.conflicts as [Conflict];

  test('is resolved for mine, theirs, another value or none', () => {
    const from = (choice: Parameters<typeof resolve>[2]) =>
      resolve(merged, conflict, choice).bundle.flow.nodes.a?.config.fields;
    expect(from('mine')).toEqual([line('x', 'mine'), line('y')]);
    expect(from('theirs')).toEqual([line('x', 'theirs'), line('y')]);
    expect(from({ value: 'theirs & mine' })).toEqual([line('x', 'theirs & mine'), line('y')]);
    expect(from({ value: undefined })).toEqual([{ to: 'x' }, line('y')]);
  });

  test('that is resolved, or never was, cannot be resolved', () => {
    const rest = resolve(merged, conflict, 'mine');
    expect(() => resolve(rest, conflict, 'mine')).toThrow(expect.objectContaining({ code: 'CONFLICT_UNKNOWN' }));
  });

  test('about a line is not resolved by a line of another target, nor one about an order by something else', () => {
    const lines = merge(mapping(line('x'), line('y')), mapping(line('y')), mapping(line('x', 'theirs'), line('y')));
    const [about] = lines.conflicts as [Conflict];
    expect(() => resolve(lines, about, { value: line('y') })).toThrow(
      expect.objectContaining({ code: 'ITEM_RENAMED' }),
    );
    const of = (...names: string[]) => mapping(...names.map((name) => line(name)));
    const orders = merge(of('x', 'y', 'z'), of('y', 'x', 'z'), of('x', 'z', 'y'));
    const [order] = orders.conflicts as [Conflict];
    expect(() => resolve(orders, order, { value: { x: 1 } })).toThrow(
      expect.objectContaining({ code: 'ORDER_INVALID' }),
    );
  });
});
