/** What comes for a run while it waits or works, in whatever order; the real engine on a real database. */
import type { NodeContext } from '@millrace/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockMailboxes } from '../postgres/signals/lock-mailboxes.ts';
import { storeSignals } from '../postgres/signals/store-signals.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { node, sending, waitingAnHour } from './flows.fixture.ts';

let onSend: (ctx: NodeContext) => Promise<void> | void = () => undefined;

const send = sending(async (input, ctx) => {
  await onSend(ctx);
  return input;
});

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, waitingAnHour], leaseMs: 4_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  onSend = () => undefined;
});

test('R-X3 a signal that comes with the expiry of its wait is heard by the next wait on its key', async () => {
  const run = await fixture.start({
    nodes: { ack: node('test/wait', { key: 'both' }), again: node('test/wait', { key: 'both' }) },
    edges: [
      { from: 'start', to: 'ack' },
      { from: 'ack', port: 'expired', to: 'again' },
    ],
  });
  expect((await fixture.endOf(run)).status).toBe('waiting');
  await fixture.foundation.database.asTenants([fixture.tenant.id], async (tx) => {
    await sql`update millrace.timer set due_at = millrace.now() - interval '1 s' where run_id = ${run} and kind = 'expire'`.execute(
      tx,
    );
    await storeSignals(tx, [fixture.signalFor('both', 'just too late')]);
  });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: 'just too late' });
});

test('R-X3 a signal whose mailbox another process has locked waits for that, and keeps no other signal waiting', async () => {
  const { foundation, tenant } = fixture;
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const elsewhere = foundation.database.asTenants([tenant.id], async (tx) => {
    await lockMailboxes(tx, [fixture.signalFor('taken', 1)]);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  let isStored = false;
  const waits = fixture.signal('taken', 1).then(({ state }) => {
    isStored = true;
    return state;
  });
  expect(await fixture.signal('free', 1)).toMatchObject({ state: 'kept' });
  expect(isStored).toBe(false);
  release.resolve();
  await elsewhere;
  expect(await waits).toBe('kept');
});
