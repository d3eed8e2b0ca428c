import { type CatalogueDescription, Expression, Failure, type NodeDescription } from '@millrace/contract';
import Type from 'typebox';
import type { FlowDocument, FlowNode } from './document.ts';

/*
 * For tests only: a small catalogue, and flows written as their edges.
 */

const described = { version: 1, summary: '', icon: '', examples: [] };
const anything = Type.Unknown();

const hook: NodeDescription = {
  ...described,
  kind: 'trigger',
  id: 'test/hook',
  title: 'Hook',
  config: Type.Object({ path: Type.Optional(Type.String()) }),
  outputs: { out: anything },
};

/** Emits on `out`, on a second ordinary port `other`, or on the failure port `bad`. */
const work: NodeDescription = {
  ...described,
  kind: 'node',
  id: 'test/work',
  title: 'Work',
  config: Type.Object({ text: Type.Optional(Expression(Type.String())) }, { additionalProperties: false }),
  outputs: { out: anything, other: anything, bad: Failure('WORK_BAD', anything) },
  effect: 'read',
};

const waiting: NodeDescription = {
  ...described,
  kind: 'node',
  id: 'test/wait',
  title: 'Wait',
  config: Type.Object({}),
  outputs: { out: anything, expired: Failure('WAIT_EXPIRED', anything) },
  effect: 'read',
};

/** A port for each case, and `otherwise`. */
const branch: NodeDescription = {
  ...described,
  kind: 'node',
  id: 'test/branch',
  title: 'Branch',
  config: Type.Object({ cases: Type.Array(Type.Object({ port: Type.String(), when: Type.Optional(Type.String()) })) }),
  outputs: { otherwise: anything },
  portsFrom: { list: 'cases', field: 'port' },
  effect: 'pure',
};

/** Runs its body. */
const loop: NodeDescription = {
  ...described,
  kind: 'node',
  id: 'test/loop',
  title: 'Loop',
  config: Type.Object({ text: Type.Optional(Expression(Type.String())) }, { additionalProperties: false }),
  outputs: { out: anything, partial: Failure('ITEMS_FAILED', anything) },
  effect: 'pure',
  body: true,
};

/** Needs a connection; holds an expression, a JSONata text and a field map. */
const put: NodeDescription = {
  ...described,
  kind: 'node',
  id: 'test/put',
  title: 'Put',
  connection: 'test/folder',
  config: Type.Object({
    name: Type.Optional(Expression(Type.String({ minLength: 3 }))),
    when: Type.Optional(Type.String({ format: 'jsonata' })),
    fields: Type.Optional(Type.Array(Type.Unknown(), { format: 'field-map' })),
  }),
  outputs: { out: anything },
  effect: 'idempotent-write',
};

/** A remark. */
const note: NodeDescription = {
  ...described,
  kind: 'node',
  id: 'test/note',
  title: 'Note',
  config: Type.Object({}),
  outputs: {},
  annotation: true,
};

export const catalogue: CatalogueDescription = {
  nodes: [hook, work, waiting, branch, loop, put, note],
  connections: [
    { id: 'test/folder', title: 'Folder', summary: '', config: Type.Object({}), hasDefault: false },
    { id: 'test/mailbox', title: 'Mailbox', summary: '', config: Type.Object({}), hasDefault: false },
  ],
};

/**
 * A flow from its edges: `start > a, a > b c, b.bad > h`. Nodes whose id begins with `start` are hooks, with `wait`
 * waiting nodes, with `loop` loops, all others work; `nodes` overrides, and adds nodes without edges.
 */
export function flow(edges: string, nodes: Readonly<Record<string, Partial<FlowNode>>> = {}): FlowDocument {
  const parsed = edges.split(',').flatMap(edgesOf);
  const ids = new Set([...parsed.flatMap(({ from, to }) => [from, to]), ...Object.keys(nodes)]);
  const entries = [...ids].map((id) => [id, { type: typeOf(id), version: 1, config: {}, ...nodes[id] }] as const);
  return { format: 1, id: 'sample', name: 'Sample', nodes: Object.fromEntries(entries), edges: parsed };
}

function edgesOf(text: string): FlowDocument['edges'] {
  const [source = '', targets = ''] = text.split('>').map((part) => part.trim());
  const [from = '', port] = source.split('.');
  return targets.split(/\s+/).map((to) => ({ from, ...(port && { port }), to }));
}

function typeOf(id: string): string {
  if (id.startsWith('start')) return 'test/hook';
  if (id.startsWith('loop')) return 'test/loop';
  return id.startsWith('wait') ? 'test/wait' : 'test/work';
}
