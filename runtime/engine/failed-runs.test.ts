import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { takeRuns } from '../postgres/runs/take-runs.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, node, sending, waiting } from './flows.fixture.ts';

/** Idempotency keys with which the other system was called. */
let calls: string[] = [];
/** What the other system answers; by default it accepts. */
let answer: () => void = () => undefined;

const send = sending((input, ctx) => {
  calls.push(ctx.idempotencyKey());
  answer();
  return input;
});

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, waiting], leaseMs: 3_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  calls = [];
  answer = () => undefined;
});

const refuse = (): void => {
  throw new MillraceError('UNKNOWN_CUSTOMER', 'The customer is unknown.');
};

async function deadLetter(run: string): Promise<unknown> {
  const { database } = fixture.foundation;
  const { rows } = await database.asTenants([fixture.tenant.id], (tx) =>
    sql`select state, code, step, settled_by from millrace.dead_letter where run_id = ${run}`.execute(tx),
  );
  return rows[0];
}

const sendTwice = {
  nodes: { first: node('test/send'), second: node('test/send') },
  edges: chain('start', 'first', 'second'),
};

test('R-X3 a run that fails for good is a dead letter; redriven, it goes on from there with the same key', async () => {
  answer = () => {
    if (calls.length === 2) refuse();
  };
  const run = await fixture.start(sendTwice, { order: 1 });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'UNKNOWN_CUSTOMER' } });
  expect(await deadLetter(run)).toMatchObject({ state: 'open', code: 'UNKNOWN_CUSTOMER', step: 'second' });

  answer = () => undefined;
  expect(await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga')).toBe(1);
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { order: 1 } });
  expect(await deadLetter(run)).toMatchObject({ state: 'redriven', settled_by: 'Olga' });
  expect(calls).toHaveLength(3);
  expect(calls[2]).toBe(calls[1]);
  expect(calls[1]).not.toBe(calls[0]);
});

test('R-X3 a redriven run that fails again is a dead letter again', async () => {
  answer = refuse;
  const run = await fixture.start(sendTwice);
  await fixture.engine.settle();
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  await fixture.engine.settle();
  expect(await deadLetter(run)).toMatchObject({ state: 'open', settled_by: null });
});

test('R-X3 a run that has not failed is not redriven', async () => {
  const run = await fixture.start(sendTwice);
  await fixture.engine.settle();
  expect(await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga')).toBe(0);
});

test('R-X3 a branch that waited when the run failed waits again after a redrive', async () => {
  answer = refuse;
  const run = await fixture.start({
    nodes: { send: node('test/send'), ack: node('test/wait', { key: 'both' }) },
    edges: [
      { from: 'start', to: 'send' },
      { from: 'start', to: 'ack' },
    ],
  });
  expect((await fixture.endOf(run)).status).toBe('failed');
  answer = () => undefined;
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  expect((await fixture.endOf(run)).status).toBe('waiting');
  await fixture.signal('both');
  expect((await fixture.endOf(run)).status).toBe('succeeded');
});

test('T14 a run that kills every process that takes it is a dead letter after five', async () => {
  const { database } = fixture.foundation;
  const run = await fixture.start({
    nodes: { ack: node('test/wait', { key: 'killer' }) },
    edges: [{ from: 'start', to: 'ack' }],
  });
  await fixture.engine.settle();
  await database.asTenants([fixture.tenant.id], async (tx) => {
    await sql`update millrace.run set status = 'running', lease_holder = 'dead', lease_until = millrace.now() + interval '1 hour'
      where id = ${run}`.execute(tx);
  });
  for (let deaths = 1; deaths <= 4; deaths++)
    await database.asTenants([fixture.tenant.id], async (tx) => {
      await sql`update millrace.run set lease_until = millrace.now() - interval '1 s' where id = ${run}`.execute(tx);
      expect(await takeRuns(tx, [run], { holder: 'dying', ms: 3_600_000 })).toMatchObject([{ takeovers: deaths }]);
    });
  await database.asTenants([fixture.tenant.id], (tx) =>
    sql`update millrace.run set lease_until = millrace.now() - interval '1 s' where id = ${run}`.execute(tx),
  );
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'RUN_KILLS_WORKERS' } });
  expect(await deadLetter(run)).toMatchObject({ state: 'open' });
});
