import type { Json } from '@millrace/contract';
import fc from 'fast-check';
import type { FlowBundle, FlowEdge, RecordType } from '../document.ts';
import { type Path, partsOf, wholeOf } from '../parts/parts.ts';
import { valueAt, withValueAt } from '../parts/value-at.ts';
import { blocks, Writer } from '../random-flow.fixture.ts';

/* For tests only: random flows with all that belongs to them, and random edits of them. */

/** What somebody does to a flow; where it makes no sense, nothing happens. */
export interface Edit {
  /** What is another afterwards. */
  readonly writes: readonly Path[];
  /** What must stay. */
  readonly uses: readonly Path[];
  readonly apply: (bundle: FlowBundle) => FlowBundle;
}

const record: RecordType = {
  id: 'order',
  title: 'Order',
  schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
  lifecycle: { field: 'state', initial: 'NEW', transitions: { NEW: ['SENT'], SENT: ['ACKED'] } },
};
const lines = [
  { to: 'id', from: 'id' },
  { to: 'header.date', from: '$date(date)', required: true },
  { to: 'items', each: 'lines', fields: ['sku', 'qty', 'price'].map((name) => ({ to: name, from: name })) },
  { to: 'note', from: 'note', default: '' },
];

export const anyBundle: fc.Arbitrary<FlowBundle> = blocks(2, 2, 1).map((tree) => {
  const flow = new Writer(tree, 'onError').document();
  const map = { type: 'test/put', version: 1, connection: 'folder', config: { name: 'order', fields: lines } };
  return {
    flow: {
      ...flow,
      parameters: { type: 'object', properties: { due: { type: 'string', default: 'PT4H' } } },
      connections: { folder: { type: 'test/folder' } },
      nodes: { ...flow.nodes, map, more: { type: 'test/work', version: 1, config: {} } },
      edges: [...flow.edges, { from: 'start', to: 'map' }, { from: 'map', to: 'more' }],
    },
    layout: { nodes: Object.fromEntries(Object.keys(flow.nodes).map((id, at) => [id, { x: at * 10, y: 0 }])) },
    samples: { order: { id: 'A-1', lines: [{ sku: 'A', qty: 1 }] } },
    tests: { good: { name: 'good', expect: { outcome: 'succeeded', path: ['start', 'map'] } } },
    records: [record],
  };
});

const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
/** Any of these may be in the body of another. */
const numbered = ['n1', 'n2', 'n3', 'n4'];
const nodeId = fc.constantFrom('map', 'more', 'caught', ...numbered);
const newId = fc.constantFrom('new1', 'new2', 'new3');
const fields = ['flow', 'nodes', 'map', 'config', 'fields'];
const items = [...fields, 'items', 'fields'];

/** Sets a value of a thing that is there. */
function set(path: Path, value: Json | undefined, thing: Path = path.slice(0, -1)): Edit {
  return {
    writes: [path],
    uses: [thing],
    apply: changing((bundle) => (valueAt(bundle, thing) === undefined ? bundle : withValueAt(bundle, path, value))),
  };
}

const node = (id: string) => ['flow', 'nodes', id];

const settings = fc.oneof(
  fc.tuple(nodeId, word).map(([id, title]) => set([...node(id), 'title'], title)),
  fc.tuple(nodeId, word).map(([id, text]) => set([...node(id), 'config', 'text'], `{% ${text} %}`, node(id))),
  nodeId.map((id) => set([...node(id), 'title'], undefined)),
  fc.tuple(nodeId, fc.nat(5)).map(([id, attempts]) => set([...node(id), 'retry', 'attempts'], attempts + 1, node(id))),
  fc.tuple(nodeId, fc.nat(9)).map(([id, hours]) => set([...node(id), 'retry', 'until'], `${hours + 1}h`, node(id))),
  fc.tuple(nodeId, fc.nat(9)).map(([id, version]) => newVersion(id, version + 1)),
  fc.tuple(nodeId, fc.nat(99)).map(([id, x]) => set(['layout', 'nodes', id], { x, y: 1 })),
  fc
    .tuple(word, word)
    .map(([name, text]) => set(['flow', 'parameters', 'properties', name], { default: text }, ['flow'])),
  word.map((text) => set(['flow', 'parameters', 'properties', 'due', 'default'], text)),
  word.map((text) => set(['flow', 'name'], text)),
  fc.constant(set(['flow', 'onError'], undefined, ['flow'])),
  fc.tuple(word, word).map(([id, title]) => set(['records', id], { id, title, schema: {} }, [])),
  word.map((title) => set(['records', 'order', 'title'], title)),
  word.map((state) => set(['records', 'order', 'lifecycle', 'transitions', 'SENT', state], state)),
  word.map((name) => set(['records', 'order', 'schema', 'required', name], name)),
  fc.tuple(word, fc.nat(9)).map(([name, value]) => set(['samples', 'order', name], value)),
  fc.tuple(word, word).map(([name, text]) => set(['tests', name], { name, text }, [])),
  fc.constant(set(['tests', 'good'], undefined)),
);

const lineEdits = fc.oneof(
  fc.tuple(fc.constantFrom('id', 'header.date', 'note'), word).map(([to, from]) => set([...fields, to, 'from'], from)),
  fc.tuple(fc.constantFrom('sku', 'qty', 'price'), word).map(([to, from]) => set([...items, to, 'from'], from)),
  fc.tuple(fc.constantFrom(fields, items), word, word).map(([list, to, from]) => set([...list, to], { to, from })),
  fc.constantFrom('id', 'header.date', 'note', 'items').map((to) => set([...fields, to], undefined)),
  fc.constantFrom('sku', 'qty', 'price').map((to) => set([...items, to], undefined)),
  fc.constant(set([...fields, 'note'], { to: 'note', each: 'notes', fields: [{ to: 'text', from: '$' }] })),
  fc.tuple(fc.constantFrom(fields, items), fc.nat(3)).map(([list, at]) => moved(list, at)),
);

const graphEdits = fc.oneof(
  fc.tuple(nodeId, nodeId).map(([from, to]) => newEdge({ from, to })),
  fc.tuple(nodeId, newId).map(([before, id]) => newNode(before, id)),
  fc.tuple(newId, word).map(([id, slot]) => newConnected(id, slot)),
  nodeId.map(withoutNode),
);

export const anyEdits: fc.Arbitrary<readonly Edit[]> = fc.array(fc.oneof(settings, lineEdits, graphEdits), {
  maxLength: 6,
});

export function edited(bundle: FlowBundle, edits: readonly Edit[]): FlowBundle {
  return edits.reduce((before, { apply }) => apply(before), bundle);
}

/** Whether two edits have nothing to do with each other. */
export function areApart(one: Edit, other: Edit): boolean {
  const isAtOrIn = (outer: Path, path: Path) => outer.every((name, at) => path[at] === name);
  const meet = (a: readonly Path[], b: readonly Path[]) => a.some((from) => b.some((path) => isAtOrIn(from, path)));
  return !meet(one.writes, [...other.writes, ...other.uses]) && !meet(other.writes, [...one.writes, ...one.uses]);
}

function changing(change: (bundle: Json) => Json): Edit['apply'] {
  return (bundle) => change(bundle as unknown as Json) as unknown as FlowBundle;
}

/** The line at a place comes first. */
function moved(list: Path, at: number): Edit {
  return {
    writes: [list],
    uses: [],
    apply: changing((bundle) => {
      const parts = partsOf(valueAt(bundle, list) ?? null, list);
      if (!parts) return bundle;
      const entries = [...parts.byName];
      const first = entries.splice(at, 1);
      return withValueAt(bundle, list, wholeOf({ ...parts, byName: new Map([...first, ...entries]) }));
    }),
  };
}

function newEdge(edge: FlowEdge): Edit {
  const ends = [node(edge.from), node(edge.to)];
  const path = ['flow', 'edges', `${edge.from}>${edge.to}`];
  return {
    writes: [path],
    uses: ends,
    apply: changing((bundle) =>
      ends.some((end) => valueAt(bundle, end) === undefined) ? bundle : withValueAt(bundle, path, { ...edge }),
    ),
  };
}

function newNode(before: string, id: string): Edit {
  const edge = newEdge({ from: before, to: id });
  return {
    writes: [node(id), ...edge.writes],
    uses: [node(before)],
    apply: (bundle) => {
      const added = { type: 'test/work', version: 1, config: {} };
      return edge.apply(bundle.flow.nodes[before] ? withNode(bundle, id, added) : bundle);
    },
  };
}

function newConnected(id: string, slot: string): Edit {
  const path = ['flow', 'connections', slot];
  return {
    writes: [node(id), path],
    uses: [],
    apply: (bundle) =>
      changing((each) => withValueAt(each, path, { type: 'test/folder' }))(
        withNode(bundle, id, { type: 'test/put', version: 1, connection: slot, config: {} }),
      ),
  };
}

/** What the config means depends on the version. */
function newVersion(id: string, version: number): Edit {
  const { writes, ...edit } = set([...node(id), 'version'], version);
  return { ...edit, writes: [...writes, [...node(id), 'config'], [...node(id), 'connection']] };
}

function withNode(bundle: FlowBundle, id: string, added: FlowBundle['flow']['nodes'][string]): FlowBundle {
  return { ...bundle, flow: { ...bundle.flow, nodes: { ...bundle.flow.nodes, [id]: added } } };
}

/** Takes out a node with what is in it, its edges and its box. */
function withoutNode(id: string): Edit {
  const within = numbered.includes(id) ? numbered : [id];
  return {
    writes: [...within.flatMap((each) => [node(each), ['layout', 'nodes', each]]), ['flow', 'onError']],
    uses: [],
    apply: (bundle) => {
      const { nodes, edges, onError, ...flow } = bundle.flow;
      const gone = new Set([id]);
      for (const _ of Object.keys(nodes))
        for (const [each, { parent }] of Object.entries(nodes)) if (parent && gone.has(parent)) gone.add(each);
      const stays = ([each]: readonly [string, unknown]) => !gone.has(each);
      return {
        ...bundle,
        flow: {
          ...flow,
          nodes: Object.fromEntries(Object.entries(nodes).filter(stays)),
          edges: edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to)),
          ...(onError !== undefined && !gone.has(onError) && { onError }),
        },
        layout: { nodes: Object.fromEntries(Object.entries(bundle.layout.nodes).filter(stays)) },
      };
    },
  };
}
