/** Flows that call others: how the two end, are redriven and are cancelled together; the real engine on a real database. */
import { defineNode, emit, fail, type Json, MillraceError, type NodeContext, wait } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deploy } from '../postgres/flows/deployments.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, described, node, sending, waiting } from './flows.fixture.ts';
import { bufferRuns } from './started-runs.ts';

/** Idempotency keys with which the other system was called. */
let calls: string[] = [];
/** What the other system answers; by default it accepts. */
let answer: (ctx: NodeContext) => Promise<void> | void = () => undefined;
/** What happens once a flow has been called, before that is written. */
let onCall: (ctx: NodeContext) => Promise<void> | void = () => undefined;

const send = sending(async (input, ctx) => {
  calls.push(ctx.idempotencyKey());
  await answer(ctx);
  return input;
});

const call = defineNode({
  ...described,
  id: 'test/call',
  title: 'Call',
  config: Type.Object({ flow: Type.String() }),
  effect: 'stored',
  async run(input, { flow }, ctx: NodeContext) {
    const key = await ctx.runs.call(flow, input);
    await onCall(ctx);
    return wait({ channel: 'run', key });
  },
  resume({ payload }) {
    const { status, output, error } = payload as unknown as { status: string; output: Json; error: never };
    if (status === 'succeeded') return emit('out', output);
    return fail(error ?? { category: 'cancelled', code: 'CALL_CANCELLED', message: 'The called run was cancelled.' });
  },
});

/** Starts its own flow once more for each that is left, and waits for none of them. */
const follow = defineNode({
  ...described,
  id: 'test/follow',
  title: 'Follow',
  config: Type.Object({}),
  effect: 'stored',
  async run(input, _config, ctx: NodeContext) {
    const { left } = input as { left: number };
    if (left > 0) await ctx.runs.call('follower', { left: left - 1 }, { detached: true });
    return emit('out', input);
  },
});

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, waiting, call, follow], leaseMs: 3_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  calls = [];
  answer = () => undefined;
  onCall = () => undefined;
});

const refuse = (): void => {
  throw new MillraceError('UNKNOWN_CUSTOMER', 'The customer is unknown.');
};

const sendTwice = {
  nodes: { first: node('test/send'), second: node('test/send') },
  edges: chain('start', 'first', 'second'),
};

/** Deploys the version of a run as a flow that others may call. */
async function deployVersionOf(run: string, flowId: string): Promise<void> {
  const { database } = fixture.foundation;
  await database.asTenants([fixture.tenant.id], async (tx) => {
    const { rows } = await sql<{ version: string }>`select version from millrace.run where id = ${run}`.execute(tx);
    const { version } = rows[0] as { version: string };
    const deployment = { tenant: fixture.tenant.id, environment: 'production', flowId, version };
    await deploy(tx, { ...deployment, parameters: {}, connections: {} }, { routes: [], recordTypes: [] });
  });
}

const calling = (flow: string) => ({
  nodes: { call: node('test/call', { flow }) },
  edges: [{ from: 'start', to: 'call' }],
});

test('A flow calls another and gets its output', async () => {
  await deployVersionOf(await fixture.start(sendTwice), 'sender');
  const run = await fixture.start(calling('sender'), { order: 7 });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { order: 7 } });
});

test('R-X3 a caller’s wait is stored with its call, before a branch beside it writes outside', async () => {
  await deployVersionOf(await fixture.start(sendTwice), 'sender');
  await fixture.engine.settle();
  let open: unknown[] = [];
  answer = async ({ run }) => {
    const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
      sql`select key from millrace.wait where run_id = ${run.id} and state = 'open'`.execute(tx),
    );
    if (rows.length > 0) open = rows;
  };
  const run = await fixture.start({
    nodes: { ...calling('sender').nodes, send: node('test/send') },
    edges: [
      { from: 'start', to: 'call' },
      { from: 'start', to: 'send' },
    ],
  });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded' });
  expect(open).toHaveLength(1);
});

test('R-X3 when the called flow fails the caller fails; redriven, both go on with the same keys', async () => {
  await deployVersionOf(await fixture.start(sendTwice), 'sender');
  await fixture.engine.settle();
  calls = [];
  answer = refuse;
  const run = await fixture.start(calling('sender'), { order: 8 });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'UNKNOWN_CUSTOMER' } });
  answer = () => undefined;
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { order: 8 } });
  expect(calls[1]).toBe(calls[0]);
  expect(calls).toHaveLength(3);
});

/** Fails at once where it is refused for a moment, so that it is its caller's turn to try again. */
const sendOnce = {
  nodes: { send: { ...node('test/send'), retry: { attempts: 1 } } },
  edges: [{ from: 'start', to: 'send' }],
};
const away = (): void => {
  throw new MillraceError('AWAY', 'It is away.', { category: 'transient' });
};

test('R-X3 a call that is tried again hears how the called run ended then, not how it had failed before', async () => {
  await deployVersionOf(await fixture.start(sendOnce), 'sender');
  await fixture.engine.settle();
  answer = away;
  const run = await fixture.start(calling('sender'), { order: 9 });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'waiting', steps: [{ status: 'retrying' }] });
  answer = () => undefined;
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 5_000));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { order: 9 } });
});

test('R-X3 a redriven caller does not hear that the called run had failed while nobody waited for it', async () => {
  const waiter = await fixture.start({
    nodes: { ack: node('test/wait', { key: 'go' }), ...sendOnce.nodes },
    edges: [
      { from: 'start', to: 'ack' },
      { from: 'ack', to: 'send' },
    ],
  });
  await deployVersionOf(waiter, 'waiter');
  await fixture.engine.cancel(fixture.tenant.id, waiter);
  await fixture.engine.settle();
  answer = refuse;
  const run = await fixture.start({
    nodes: { ...calling('waiter').nodes, beside: node('test/wait', { key: 'beside' }), last: node('test/send') },
    edges: [...calling('waiter').edges, { from: 'start', to: 'beside' }, { from: 'beside', to: 'last' }],
  });
  await fixture.engine.settle();
  await fixture.signal('beside');
  expect((await fixture.endOf(run)).status).toBe('failed');
  await fixture.signal('go');
  await fixture.engine.settle();
  answer = () => undefined;
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded' });
});

test('A flow that calls itself without end is stopped', async () => {
  const first = await fixture.start(calling('endless'));
  expect(await fixture.endOf(first)).toMatchObject({ status: 'failed', error: { code: 'FLOW_NOT_DEPLOYED' } });
  await deployVersionOf(first, 'endless');
  const run = await fixture.start(calling('endless'));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'CALLS_TOO_DEEP' } });
});

test('R-X3 runs that begin the next one and do not wait for it may be many, up to a bound', async () => {
  const following = { nodes: { follow: node('test/follow') }, edges: chain('start', 'follow') };
  await deployVersionOf(await fixture.start(following, { left: 0 }), 'follower');
  const run = await fixture.start(following, { left: 40 });
  await fixture.engine.settle();
  const { database } = fixture.foundation;
  const chained = await database.asTenants([fixture.tenant.id], (tx) =>
    sql<{ chain: number }>`select (trigger->'meta'->>'chain')::int as chain from millrace.run
      where flow_id = 'follower' order by chain`.execute(tx),
  );
  expect(chained.rows.map((each) => each.chain)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));

  const taken = { id: run, trigger: { payload: {}, meta: { chain: 100_000 } } } as unknown as TakenRun;
  const runs = bufferRuns(taken, fixture.foundation).as({ key: 'call', now: new Date(), idempotencyKey: () => 'key' });
  await expect(runs.call('follower', {}, { detached: true })).rejects.toMatchObject({ code: 'RUNS_WITHOUT_END' });
});

/** Deploys a flow that only waits. */
async function deployWaiter(): Promise<void> {
  const waiter = await fixture.start({
    nodes: { ack: node('test/wait', { key: 'c-0' }) },
    edges: [{ from: 'start', to: 'ack' }],
  });
  await deployVersionOf(waiter, 'waiter');
  await fixture.engine.cancel(fixture.tenant.id, waiter);
  await fixture.engine.settle();
}

/** How the run stands, and what it has called. */
async function familyOf(run: string): Promise<string[]> {
  const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql<{ status: string }>`
      select status from millrace.run where id = ${run} or parent = ${run} order by id`.execute(tx),
  );
  return rows.map(({ status }) => status);
}

test('Cancelling a run cancels what it has called', async () => {
  await deployWaiter();
  const run = await fixture.start(calling('waiter'));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'waiting' });
  expect(await fixture.engine.cancel(fixture.tenant.id, run)).toBe(true);
  await fixture.engine.settle();
  expect(await familyOf(run)).toEqual(['cancelled', 'cancelled']);
});

test('R-X3 a caller that is redriven after the called run was cancelled hears of that again, and does not wait for ever', async () => {
  await deployWaiter();
  const run = await fixture.start(calling('waiter'));
  await fixture.engine.settle();
  const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql<{ id: string }>`select id from millrace.run where parent = ${run}`.execute(tx),
  );
  await fixture.engine.cancel(fixture.tenant.id, rows[0]?.id as string);
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'CALL_CANCELLED' } });
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'CALL_CANCELLED' } });
});

test('A run that is cancelled while it calls leaves nothing going', async () => {
  await deployWaiter();
  onCall = async ({ run }) => {
    await fixture.engine.cancel(fixture.tenant.id, run.id);
  };
  const run = await fixture.start(calling('waiter'));
  await fixture.engine.settle();
  expect(await familyOf(run)).toEqual(['cancelled', 'cancelled']);
});

test('A run that learns of its cancellation before a call is written does not call', async () => {
  await deployWaiter();
  const cancelled = Promise.withResolvers<void>();
  answer = async ({ run, signal }) => {
    const over = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await fixture.engine.cancel(fixture.tenant.id, run.id);
    cancelled.resolve();
    await over;
  };
  onCall = () => cancelled.promise;
  const run = await fixture.start({
    nodes: { ...calling('waiter').nodes, beside: node('test/send') },
    edges: [{ from: 'start', to: 'beside' }, ...calling('waiter').edges],
  });
  await fixture.engine.settle();
  expect(await familyOf(run)).toEqual(['cancelled']);
});
