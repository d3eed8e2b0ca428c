/** A flow that waits for an answer and then writes once, counting. Tests only. */
import { AnyJson, defineNode, emit, wait } from '@millrace/contract';
import Type from 'typebox';
import { dueMinutes, expiryMinutes } from './model.ts';

export const channel = 'answers';

/** How often each step of each run has written, by `<run> <step>`. */
export const written = new Map<string, number>();

const minute = 60_000;

const waiting = defineNode({
  id: 'test/waiting',
  version: 1,
  title: 'Wait',
  summary: 'Waits for an answer.',
  icon: 'clock',
  config: Type.Object({}),
  input: AnyJson,
  outputs: { out: AnyJson, expired: AnyJson },
  effect: 'read',
  examples: [],
  run: (input) =>
    wait({
      channel,
      key: (input as { key: string }).key,
      dueAfterMs: dueMinutes * minute,
      expiresAfterMs: expiryMinutes * minute,
    }),
  resume: ({ payload }) => emit('out', payload),
});

const write = defineNode({
  id: 'test/write',
  version: 1,
  title: 'Write',
  summary: 'Counts.',
  icon: 'check',
  config: Type.Object({}),
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'idempotent-write',
  examples: [],
  run(_input, _config, { run, step }) {
    const key = `${run.id} ${step}`;
    written.set(key, (written.get(key) ?? 0) + 1);
    return emit('out', step);
  },
});

export const nodes = [waiting, write];

export const flow = {
  nodes: {
    wait: { type: waiting.id, version: 1, config: {} },
    answered: { type: write.id, version: 1, config: {} },
    expired: { type: write.id, version: 1, config: {} },
  },
  edges: [
    { from: 'start', to: 'wait' },
    { from: 'wait', to: 'answered' },
    { from: 'wait', port: 'expired', to: 'expired' },
  ],
};
