/** Runs whose large values cannot be kept or read for a while, since the payload store is away; a real S3 client. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, node, sending, value, waiting } from './flows.fixture.ts';

/** Nobody listens on this port. */
const away = 's3://bucket?endpoint=http://127.0.0.1:9&region=eu-central-1&pathStyle=true';

let calls = 0;
let onSend: () => void = () => undefined;

const send = sending(() => {
  calls++;
  onSend();
  return 'x'.repeat(100_000);
}, 'unsafe-write');

const flow = (key: string) => ({
  nodes: {
    send: node('test/send'),
    ack: node('test/wait', { key }),
    length: node('test/value', { value: '{% $length($steps.send) %}' }),
  },
  edges: chain('start', 'send', 'ack', 'length'),
});

let fixture: EngineFixture;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  fixture = await startFixture({ nodes: [send, waiting, value], leaseMs: 4_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  calls = 0;
  onSend = () => undefined;
});

const ended = async (run: string, how: 'succeeded' | 'waiting') =>
  await expect.poll(async () => (await fixture.observe(run)).status, { timeout: 20_000, interval: 20 }).toBe(how);

/** Until the engine has noticed. */
async function untilWarned(outage: () => Promise<void> | void): Promise<void> {
  const warned = vi.spyOn(fixture.foundation.log, 'warn');
  await outage();
  await vi.waitFor(() => expect(warned).toHaveBeenCalled(), { timeout: 20_000 });
  warned.mockRestore();
}

const keepIn = (place: string) => void Object.assign(fixture.foundation.payloads, { place });

const moveTo = (place: string) =>
  fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql`update millrace.payload set place = ${place}`.execute(tx),
  );

test('R-X3 nothing is sent again because the payload store was away when the result was to be kept', async () => {
  onSend = () => keepIn(away);
  let run = '';
  await untilWarned(async () => {
    run = await fixture.start(flow('written'));
  });
  keepIn('database');
  await ended(run, 'waiting');
  expect(calls).toBe(1);
});

test('R-X3 a run whose large values cannot be read for a while goes on later; it does not fail by it', async () => {
  const run = await fixture.start(flow('read'));
  await ended(run, 'waiting');
  await moveTo(away);
  await untilWarned(async () => {
    await fixture.signal('read');
  });
  await moveTo('database');
  await ended(run, 'succeeded');
  expect(await fixture.observe(run)).toMatchObject({ output: 100_000 });
});
