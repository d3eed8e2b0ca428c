import { failureCode, type NodeDescription } from '@millrace/contract';
import type { FlowEdge, FlowNode } from '@millrace/flow';

/** A place where edges leave a node. */
export interface Port {
  readonly id: string;
  /** `ordinary` is taken where an edge names no port; `failure` and `error` are the ways out when something went wrong. */
  readonly kind: 'ordinary' | 'branch' | 'failure' | 'error';
}

const errorPort = 'error';
const unknownOrdinary = 'out';

/** The port that an edge without a name leaves from. */
export function ordinaryPort(description: NodeDescription | undefined): string {
  return Object.keys(description?.outputs ?? {})[0] ?? unknownOrdinary;
}

/**
 * All ports of a node, the ordinary one first and `error` last: those of its type, those that its config names, and
 * those that an edge names although the type does not know them (so that a wrong edge is seen and can be removed).
 */
export function portsOf(node: FlowNode, description: NodeDescription | undefined, edges: readonly FlowEdge[]): Port[] {
  const outputs = Object.entries(description?.outputs ?? {});
  const [, ...others] = outputs;
  const ports: Port[] = [{ id: ordinaryPort(description), kind: 'ordinary' }];
  const add = (id: string, kind: Port['kind']) => {
    if (!ports.some((port) => port.id === id)) ports.push({ id, kind });
  };
  for (const id of portsOfConfig(node, description)) add(id, 'branch');
  for (const [id, schema] of others) add(id, failureCode(schema) === undefined ? 'branch' : 'failure');
  for (const { port } of edges) if (port !== undefined && port !== errorPort) add(port, 'branch');
  if (description?.kind !== 'trigger') add(errorPort, 'error');
  return ports;
}

function portsOfConfig(node: FlowNode, description: NodeDescription | undefined): string[] {
  const { list, field } = description?.portsFrom ?? {};
  const items = list === undefined ? undefined : node.config[list];
  if (field === undefined || !Array.isArray(items)) return [];
  return items.map((item: Record<string, unknown> | null) => item?.[field]).filter((name) => typeof name === 'string');
}
