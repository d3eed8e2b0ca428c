/** Runs whose large values cannot be kept or read for a while, since the payload store is away; a real S3 client. */
import { AnyJson, defineNode, Expression, emit, type Json, wait } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, described, node } from './flows.fixture.ts';

/** Nobody listens on this port. */
const away = 's3://bucket?endpoint=http://127.0.0.1:9&region=eu-central-1&pathStyle=true';

let calls = 0;
let onSend: () => void = () => undefined;

const send = defineNode({
  ...described,
  id: 'test/send',
  title: 'Send',
  config: Type.Object({}),
  effect: 'unsafe-write',
  run() {
    calls++;
    onSend();
    return emit('out', 'x'.repeat(100_000));
  },
});

const waiting = defineNode({
  ...described,
  id: 'test/wait',
  title: 'Wait',
  config: Type.Object({ key: Type.String() }),
  effect: 'read',
  run: (_input, { key }) => wait({ channel: 'test', key }),
  resume: () => emit('out', 'resumed'),
});

const value = defineNode({
  ...described,
  id: 'test/value',
  title: 'Value',
  config: Type.Object({ value: Expression(AnyJson) }),
  effect: 'pure',
  run: (_input, config) => emit('out', config.value as Json),
});

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
    await fixture.engine.signal({
      tenant: fixture.tenant.id,
      environment: 'production',
      channel: 'test',
      key: 'read',
      source: 'test',
      fingerprint: 'read',
      payload: null,
    });
  });
  await moveTo('database');
  await ended(run, 'succeeded');
  expect(await fixture.observe(run)).toMatchObject({ output: 100_000 });
});
