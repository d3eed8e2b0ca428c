import type { CatalogueDescription, NodeDescription, Problem } from '@millrace/contract';
import { Check } from 'typebox/value';
import type { FlowDocument, FlowNode } from '../document.ts';
import type { FlowGraphs, GraphNode } from '../graph.ts';
import { own } from '../own.ts';
import { pointer } from '../pointer.ts';

type Slots = NonNullable<FlowDocument['connections']>;

/** Every slot is of a known type and used, and every node that needs a connection names a slot of its type. */
export function checkConnections(
  document: FlowDocument,
  graphs: FlowGraphs,
  catalogue: CatalogueDescription,
): readonly Problem[] {
  const slots = document.connections ?? {};
  const used = new Set(Object.values(document.nodes).map(({ connection }) => connection));
  return [
    ...Object.entries(slots).flatMap(([name, { type }]) => checkSlot(name, type, used.has(name), catalogue)),
    ...[...graphs.nodes.values()].flatMap((each) => checkNode(each, slots)),
  ];
}

function checkSlot(
  name: string,
  type: string,
  isUsed: boolean,
  { connections }: CatalogueDescription,
): readonly Problem[] {
  const at = pointer('connections', name);
  const unknown = {
    code: 'CONNECTION_TYPE_UNKNOWN',
    pointer: `${at}/type`,
    message: `There is no connection type “${type}” here.`,
  };
  const unused = { code: 'CONNECTION_UNUSED', pointer: at, message: `No node uses the connection “${name}”.` };
  return [...(connections.some(({ id }) => id === type) ? [] : [unknown]), ...(isUsed ? [] : [unused])];
}

function mayBeUnbound({ config }: FlowNode, { connectionOptional = false }: NodeDescription): boolean {
  return typeof connectionOptional === 'boolean' ? connectionOptional : Check(connectionOptional, config);
}

function checkNode({ id, node, type }: GraphNode, slots: Slots): readonly Problem[] {
  const at = pointer('nodes', id, 'connection');
  const problem = (code: string, message: string): readonly Problem[] => [{ code, pointer: at, message }];
  if (type.connection === undefined) {
    return node.connection === undefined ? [] : problem('CONNECTION_NOT_NEEDED', `“${id}” uses no connection.`);
  }
  if (node.connection === undefined) {
    if (mayBeUnbound(node, type)) return [];
    const why = type.connectionOptional ? ' as it is set' : '';
    return problem('CONNECTION_MISSING', `“${id}” needs a connection of type “${type.connection}”${why}.`);
  }
  const slot = own(slots, node.connection);
  if (!slot) return problem('CONNECTION_UNKNOWN', `The flow has no connection “${node.connection}”.`);
  if (slot.type === type.connection) return [];
  return problem(
    'CONNECTION_TYPE_WRONG',
    `“${id}” needs a connection of type “${type.connection}”; “${node.connection}” is “${slot.type}”.`,
  );
}
