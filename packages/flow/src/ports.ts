import { failureCode, isObject, type JsonObject, type NodeDescription } from '@millrace/contract';

/** The port through which a step's error leaves; every node that is not a trigger has it. */
export const errorPort = 'error';

export interface Port {
  readonly name: string;
  /** The port of edges that name none: the first of the type's outputs. */
  readonly first: boolean;
  /** Emitting here means that something went wrong. */
  readonly failure: boolean;
  /** Error code of a failure port that the type declares; `error` itself has none. */
  readonly code?: string;
}

/** Ports of a node: the type's outputs, those that its config names (`portsFrom`), and `error`. */
export function portsOf(type: NodeDescription, config: JsonObject): readonly Port[] {
  const declared = Object.entries(type.outputs).map(([name, schema], index) =>
    port(name, index === 0, failureCode(schema)),
  );
  const named = configuredPorts(type, config).map((name) => port(name, false));
  const error: Port[] = type.kind === 'node' ? [{ name: errorPort, first: false, failure: true }] : [];
  const byName = new Map([...named, ...declared, ...error].map((each) => [each.name, each]));
  return [...byName.values()];
}

/** Name of the port of edges that name none. */
export function firstPort(type: NodeDescription): string {
  return Object.keys(type.outputs)[0] ?? 'out';
}

function port(name: string, first: boolean, code?: string): Port {
  return { name, first, failure: code !== undefined, ...(code !== undefined && { code }) };
}

/** Port names as the config's list gives them, whether well formed or not. */
export function configuredPorts({ portsFrom }: NodeDescription, config: JsonObject): readonly string[] {
  const list = portsFrom && config[portsFrom.list];
  if (!portsFrom || !Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const name = isObject(item) ? item[portsFrom.field] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}
