import { readBenchFlow } from './flows.ts';

/** What every system does with an order, taken from the flow: so that all do the same. */
export interface WorkUnit {
  /** JSON Schema (draft-07) of an order. */
  readonly schema: unknown;
  /** JSONata over an order: the receiver's document. */
  readonly mapping: string;
}

export function readWorkUnit(): WorkUnit {
  const { nodes } = readBenchFlow('send').flow;
  return { schema: nodes.check?.config.schema, mapping: String(nodes.map?.config.expression) };
}
