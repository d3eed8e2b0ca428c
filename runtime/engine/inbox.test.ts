/** What comes for a run while it waits or works, in whatever order; the real engine on a real database. */
import { defineNode, emit, type Json, type NodeContext, wait } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockMailboxes } from '../postgres/signals/lock-mailboxes.ts';
import { storeSignals } from '../postgres/signals/store-signals.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { described, node } from './flows.fixture.ts';

let onSend: (ctx: NodeContext) => Promise<void> | void = () => undefined;

const send = defineNode({
  ...described,
  id: 'test/send',
  title: 'Send',
  config: Type.Object({}),
  effect: 'idempotent-write',
  async run(input, _config, ctx: NodeContext) {
    await onSend(ctx);
    return emit('out', input);
  },
});

const waiting = defineNode({
  ...described,
  id: 'test/wait',
  title: 'Wait',
  config: Type.Object({ key: Type.String() }),
  outputs: { ...described.outputs, expired: described.input },
  effect: 'read',
  run: (_input, { key }) => wait({ channel: 'test', key, expiresAfterMs: 3_600_000 }),
  resume: ({ payload }) => emit('out', payload),
});

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, waiting], leaseMs: 4_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  onSend = () => undefined;
});

const signalFor = (key: string, payload: Json) => ({
  tenant: fixture.tenant.id,
  environment: 'production',
  channel: 'test',
  key,
  payload,
  source: 'test',
  fingerprint: JSON.stringify(payload),
});

async function endOf(run: string) {
  await fixture.engine.settle();
  return fixture.observe(run);
}

test('R-X3 a signal that comes with the expiry of its wait is heard by the next wait on its key', async () => {
  const run = await fixture.start({
    nodes: { ack: node('test/wait', { key: 'both' }), again: node('test/wait', { key: 'both' }) },
    edges: [
      { from: 'start', to: 'ack' },
      { from: 'ack', port: 'expired', to: 'again' },
    ],
  });
  expect((await endOf(run)).status).toBe('waiting');
  await fixture.foundation.database.asTenants([fixture.tenant.id], async (tx) => {
    await sql`update millrace.timer set due_at = millrace.now() - interval '1 s' where run_id = ${run} and kind = 'expire'`.execute(
      tx,
    );
    await storeSignals(tx, [signalFor('both', 'just too late')]);
  });
  expect(await endOf(run)).toMatchObject({ status: 'succeeded', output: 'just too late' });
});

test('R-X3 a signal whose mailbox another process has locked waits for that, and keeps no other signal waiting', async () => {
  const { foundation, tenant, engine } = fixture;
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const elsewhere = foundation.database.asTenants([tenant.id], async (tx) => {
    await lockMailboxes(tx, [signalFor('taken', 1)]);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  let isStored = false;
  const waits = engine.signal(signalFor('taken', 1)).then(({ state }) => {
    isStored = true;
    return state;
  });
  expect(await engine.signal(signalFor('free', 1))).toMatchObject({ state: 'kept' });
  expect(isStored).toBe(false);
  release.resolve();
  await elsewhere;
  expect(await waits).toBe('kept');
});
