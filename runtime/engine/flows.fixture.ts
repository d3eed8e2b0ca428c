/** In what the engine's tests write their nodes and flows. Tests only. */
import { AnyJson } from '@millrace/contract';

/** What the nodes of tests have in common. */
export const described = {
  version: 1,
  summary: 'A test.',
  icon: 'x',
  input: AnyJson,
  outputs: { out: AnyJson },
  examples: [],
};

/** A node of a flow. @param parent the loop in whose body it is */
export const node = (type: string, config: Record<string, unknown> = {}, parent?: string) => ({
  type,
  version: 1,
  config,
  ...(parent !== undefined && { parent }),
});

/** Edges from each to the next. */
export const chain = (...ids: readonly string[]) =>
  ids.slice(1).map((to, index) => ({ from: ids[index] as string, to }));
