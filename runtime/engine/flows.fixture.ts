/** In what the engine's tests write their nodes and flows. Tests only. */
import {
  AnyJson,
  defineNode,
  type Effect,
  Expression,
  emit,
  Failure,
  type Json,
  type NodeContext,
  wait,
} from '@millrace/contract';
import Type from 'typebox';

/** What the nodes of tests have in common. */
export const described = {
  version: 1,
  summary: 'A test.',
  icon: 'x',
  input: AnyJson,
  outputs: { out: AnyJson },
  examples: [],
};

/** Writes to the other system. @param send is the other system, and answers what the node emits */
export const sending = (
  send: (input: Json, ctx: NodeContext) => Promise<Json> | Json,
  effect: Effect = 'idempotent-write',
) =>
  defineNode({
    ...described,
    id: 'test/send',
    title: 'Send',
    config: Type.Object({}),
    effect,
    run: async (input, _config, ctx) => emit('out', await send(input, ctx)),
  });

/** Emits what the expression gives. */
export const value = defineNode({
  ...described,
  id: 'test/value',
  title: 'Value',
  config: Type.Object({ value: Expression(AnyJson) }),
  effect: 'pure',
  run: (_input, config) => emit('out', config.value as Json),
});

/** Waits for a signal, and emits what that brings. */
export const waiting = defineNode({
  ...described,
  id: 'test/wait',
  title: 'Wait',
  config: Type.Object({ key: Expression(Type.String()) }),
  effect: 'read',
  run: (_input, { key }) => wait({ channel: 'test', key }),
  resume: ({ payload }) => emit('out', payload),
});

/** The same, for an hour. */
export const waitingAnHour = defineNode({
  ...waiting,
  outputs: { out: AnyJson, expired: Failure('WAIT_EXPIRED', AnyJson) },
  run: (_input, { key }) => wait({ channel: 'test', key, expiresAfterMs: 3_600_000 }),
});

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
