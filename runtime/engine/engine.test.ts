import {
  AnyJson,
  defineNode,
  Expression,
  emit,
  Failure,
  fail,
  type Json,
  MillraceError,
  type NodeContext,
  reject,
  wait,
} from '@millrace/contract';
import { sql } from 'kysely';
import pg from 'pg';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { takeRuns } from '../postgres/runs/take-runs.ts';
import { storeSignals } from '../postgres/signals/store-signals.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, described, node } from './flows.fixture.ts';

/** Every effect that was performed, as an outside receiver would have seen it. */
let effects: { key: string; input: Json; attempt: number; repeated: boolean }[] = [];
/** What an effect does when it is performed; by default it succeeds. */
let onEffect: (input: Json, ctx: NodeContext) => Promise<void> = async () => undefined;
/** What happens before a wait takes its signal, and after a record was written. */
let onResume: () => void = () => undefined;
let onKept: () => void = () => undefined;

const pure = defineNode({
  ...described,
  id: 'test/pure',
  title: 'Pure',
  config: Type.Object({ value: Type.Optional(Expression(AnyJson)) }),
  effect: 'pure',
  run: (input, { value }) => emit('out', (value ?? input) as Json),
});

/** Checks against a pattern that takes longer than anybody lives. */
const endlessCheck = defineNode({
  ...described,
  id: 'test/endless-check',
  title: 'Check',
  config: Type.Object({}),
  effect: 'pure',
  run: async (_input, _config, { validate }) =>
    emit('out', (await validate({ pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`)).length),
});

const effect = defineNode({
  ...described,
  id: 'test/effect',
  title: 'Effect',
  config: Type.Object({}),
  effect: 'idempotent-write',
  async run(input, _config, ctx) {
    effects.push({ key: ctx.idempotencyKey(), input, attempt: ctx.attempt, repeated: ctx.repeated });
    await onEffect(input, ctx);
    return emit('out', input);
  },
});

const waiting = defineNode({
  ...described,
  id: 'test/wait',
  title: 'Wait',
  config: Type.Object({ key: Expression(Type.String()) }),
  outputs: { done: AnyJson, expired: Failure('WAIT_EXPIRED', AnyJson) },
  effect: 'read',
  run: (_input, { key }) => wait({ channel: 'test', key, dueAfterMs: 60_000, expiresAfterMs: 3_600_000 }),
  resume({ payload }) {
    onResume();
    return payload === 'not for you' ? reject('It said so.') : emit('done', payload);
  },
});

const keep = defineNode({
  ...described,
  id: 'test/keep',
  title: 'Keep',
  config: Type.Object({ id: Expression(Type.String()), to: Type.Optional(Type.String()) }),
  effect: 'stored',
  async run(_input, { id, to }, { records }) {
    const stored = to
      ? await records.transition('thing', id, to, {})
      : await records.put('thing', id, { number: (await records.get('thing', id))?.version ?? 0 });
    onKept();
    return emit('out', stored.data);
  },
});

const refusing = defineNode({
  ...described,
  id: 'test/refuse',
  title: 'Refuse',
  config: Type.Object({}),
  effect: 'pure',
  run: () => fail({ category: 'validation', code: 'REFUSED', message: 'No.' }),
});

const thing = {
  id: 'thing',
  title: 'Thing',
  schema: { type: 'object', properties: { number: { type: 'integer' } } },
  lifecycle: { field: 'state', initial: 'NEW', transitions: { NEW: ['DONE'], DONE: [] } },
};

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({
    nodes: [pure, endlessCheck, effect, waiting, keep, refusing],
    recordTypes: [thing],
    leaseMs: 3_000,
  });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  effects = [];
  onEffect = async () => undefined;
  onResume = () => undefined;
  onKept = () => undefined;
});

let lastKey = 0;
const freshKey = () => `order-${++lastKey}`;
const waitFor = (key: string) => ({ nodes: { ack: node('test/wait', { key }) }, edges: chain('start', 'ack') });

test('R-X3 a run goes through its nodes and ends with the output of the last', async () => {
  const run = await fixture.start(
    {
      nodes: { double: node('test/pure', { value: '{% n * 2 %}' }), send: node('test/effect') },
      edges: chain('start', 'double', 'send'),
    },
    { n: 21 },
  );
  expect(await fixture.endOf(run)).toMatchObject({
    status: 'succeeded',
    output: 42,
    steps: [
      { node: 'double', status: 'done' },
      { node: 'send', output: 42 },
    ],
  });
  expect(effects).toMatchObject([{ input: 42, attempt: 1, repeated: false }]);
});

test('R-X3 a signal that comes while the run waits ends the wait', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  expect((await fixture.endOf(run)).status).toBe('waiting');
  expect(await fixture.signal(key, 'acked')).toMatchObject({ state: 'matched' });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: 'acked' });
});

test('T9 R-X3 a signal that comes before its wait is kept and matched when the wait is opened', async () => {
  const key = freshKey();
  expect(await fixture.signal(key, 'early')).toMatchObject({ state: 'kept' });
  const run = await fixture.start(waitFor(key));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: 'early' });
});

test('T9 R-X3 fifty signals at once end a wait once; the others can be seen', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  const stored = await Promise.all(Array.from({ length: 50 }, (_, n) => fixture.signal(key, `ack ${n}`)));
  expect((await fixture.endOf(run)).status).toBe('succeeded');
  expect(stored.filter(({ state }) => state === 'matched').length).toBeGreaterThan(0);
  expect(await fixture.signal(key, 'ack 7')).toMatchObject({ state: 'duplicate' });
  expect(await fixture.signal(key, 'another')).toMatchObject({ state: 'late' });
});

test('R-X3 fifty runs and their signals, in any order, all meet: none misses the other', async () => {
  const keys = Array.from({ length: 50 }, freshKey);
  const started = keys.map((key) => fixture.start(waitFor(key)));
  const signalled = keys.map((key) => fixture.signal(key, key));
  const runs = await Promise.all(started);
  await Promise.all(signalled);
  await fixture.engine.settle();
  const statuses = await Promise.all(runs.map(async (run) => (await fixture.observe(run)).status));
  expect(new Set(statuses)).toEqual(new Set(['succeeded']));
});

test('R-X3 a run whose wake-up died with the process that had it is carried on all the same', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  const { database } = fixture.foundation;
  await database.asTenants([fixture.tenant.id], (tx) => storeSignals(tx, [fixture.signalFor(key, 'and then it died')]));
  await expect.poll(async () => (await fixture.observe(run)).status, { timeout: 20_000 }).toBe('succeeded');
});

test('R-X3 a wait that is opened while its signal is being stored finds it', async () => {
  const key = freshKey();
  const { database } = fixture.foundation;
  const open = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<void>();
  const storing = database.asTenants([fixture.tenant.id], async (tx) => {
    await storeSignals(tx, [fixture.signalFor(key, 'at once')]);
    stored.resolve();
    await open.promise;
  });
  await stored.promise;
  const run = await fixture.start(waitFor(key));
  await expect.poll(() => blockedTransactions()).toBe(1);
  open.resolve();
  await storing;
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: 'at once' });
});

/** Seen by the login, since the application's role may not see what other sessions wait for. */
async function blockedTransactions(): Promise<number> {
  const client = new pg.Client(fixture.url);
  await client.connect();
  const { rowCount } = await client.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  await client.end();
  return rowCount ?? 0;
}

test('A signal that is not for this wait is rejected with the reason, and the wait stays open', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  await fixture.signal(key, 'not for you');
  expect((await fixture.endOf(run)).status).toBe('waiting');
  await fixture.signal(key, 'for you');
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: 'for you' });
});

test('A second wait on the same channel and key is refused, the first stays', async () => {
  const key = freshKey();
  const first = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  const second = await fixture.start(waitFor(key));
  expect(await fixture.endOf(second)).toMatchObject({ status: 'failed', error: { code: 'WAIT_TAKEN' } });
  expect((await fixture.observe(first)).status).toBe('waiting');
});

test('Two branches of a run that wait on the same key: one waits, the other fails', async () => {
  const key = freshKey();
  const nodes = { a: node('test/wait', { key }), b: node('test/wait', { key }), told: node('test/pure') };
  const edges = [...chain('start', 'a'), ...chain('start', 'b'), { from: 'b', port: 'error', to: 'told' }];
  const run = await fixture.start({ nodes, edges: [...edges, { from: 'a', port: 'error', to: 'told' }] });
  await fixture.engine.settle();
  const { status, steps } = await fixture.observe(run);
  expect(status).toBe('waiting');
  expect(steps.map((step) => step.status).toSorted()).toEqual(['done', 'failed', 'waiting']);
  await fixture.signal(key, 'for one');
  expect((await fixture.endOf(run)).status).toBe('succeeded');
});

const failingOnce = () => {
  let isFirst = true;
  return () => {
    if (!isFirst) return;
    isFirst = false;
    throw new MillraceError('AWAY', 'It is away.', { category: 'transient' });
  };
};
const advance = async (ms: number) => {
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + ms));
  await fixture.engine.settle();
};

test('R-X3 a signal that a waiting step could not handle at once is not lost', async () => {
  const key = freshKey();
  onResume = failingOnce();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  await fixture.signal(key, 'acked');
  expect((await fixture.endOf(run)).status).toBe('waiting');
  await advance(60_000);
  expect(await fixture.observe(run)).toMatchObject({ status: 'succeeded', output: 'acked' });
});

test('What a step wrote before it failed is not kept', async () => {
  const id = freshKey();
  onKept = () => {
    throw new MillraceError('NO', 'No.');
  };
  await fixture.start({ nodes: { keep: node('test/keep', { id }) }, edges: chain('start', 'keep') });
  await fixture.engine.settle();
  onKept = () => undefined;
  const run = await fixture.start({ nodes: { keep: node('test/keep', { id }) }, edges: chain('start', 'keep') });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { number: 0 } });
});

test('A run that makes what PostgreSQL cannot store fails, and is not tried for ever', async () => {
  const run = await fixture.start(waitFor('x'.repeat(1_000_000)));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'DATA_NOT_STORABLE' } });
});

test('R-X3 a wait becomes overdue, stays open, and ends through its expiry', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 120_000));
  expect((await fixture.endOf(run)).status).toBe('waiting');
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 3_600_000));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'failed', error: { code: 'WAIT_EXPIRED' } });
});

test('T10 R-X3 of an acknowledgement and the expiry at the same instant exactly one wins', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 3_600_000));
  await fixture.signal(key, 'just in time');
  await fixture.engine.settle();
  const { status, steps } = await fixture.observe(run);
  expect(['succeeded', 'failed']).toContain(status);
  expect(steps).toHaveLength(1);
});

test('R-F8 an effect that fails for a moment is tried again with the same key', async () => {
  onEffect = async (_input, { attempt }) => {
    if (attempt < 3) throw new MillraceError('AWAY', 'It is away.', { category: 'transient' });
  };
  const run = await fixture.start({
    nodes: { send: { ...node('test/effect'), retry: { schedule: ['1m'], until: '1h' } } },
    edges: chain('start', 'send'),
  });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'waiting', steps: [{ status: 'retrying', attempts: 1 }] });
  for (let pass = 0; pass < 2; pass++) {
    await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 61_000));
    await fixture.engine.settle();
  }
  expect((await fixture.observe(run)).status).toBe('succeeded');
  expect(effects.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(new Set(effects.map(({ key }) => key)).size).toBe(1);
});

test('R-F8 an evaluation that took too long is tried again, unless its node says otherwise', async () => {
  const endless = node('test/endless-check');
  const edges = chain('start', 'compute');
  const onlyOnce = await fixture.start({ nodes: { compute: { ...endless, retry: { attempts: 1 } } }, edges });
  await expect.poll(async () => (await fixture.observe(onlyOnce)).status, { timeout: 20_000 }).toBe('failed');
  expect(await fixture.observe(onlyOnce)).toMatchObject({ error: { code: 'EXPRESSION_TIMEOUT' } });
  const byDefault = await fixture.start({ nodes: { compute: endless }, edges });
  await expect
    .poll(async () => (await fixture.observe(byDefault)).steps[0]?.attempts, { timeout: 20_000 })
    .toBeGreaterThan(1);
  await fixture.engine.cancel(fixture.tenant.id, byDefault);
  await fixture.engine.settle();
});

test('R-X3 before a second outside write, the result of the first is committed', async () => {
  let seen: string[] = [];
  onEffect = async (_input, { run, step }) => {
    if (step === 'second')
      seen = (await fixture.observe(run.id)).steps.filter((one) => one.status === 'done').map((one) => one.node);
  };
  await fixture.start({
    nodes: { first: node('test/effect'), second: node('test/effect') },
    edges: chain('start', 'first', 'second'),
  });
  await fixture.engine.settle();
  expect(seen).toEqual(['first']);
});

test('R-X3 records take effect with the transition, once', async () => {
  const id = freshKey();
  const run = await fixture.start({
    nodes: { keep: node('test/keep', { id }), done: node('test/keep', { id, to: 'DONE' }) },
    edges: chain('start', 'keep', 'done'),
  });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { state: 'DONE' } });
});

test('A forbidden transition fails the run and names what is allowed', async () => {
  const id = freshKey();
  const nodes = {
    keep: node('test/keep', { id }),
    done: node('test/keep', { id, to: 'DONE' }),
    again: node('test/keep', { id, to: 'NEW' }),
  };
  const run = await fixture.start({ nodes, edges: chain('start', 'keep', 'done', 'again') });
  expect(await fixture.endOf(run)).toMatchObject({
    status: 'failed',
    error: { code: 'TRANSITION_FORBIDDEN', details: { from: 'DONE', allowed: [] } },
  });
});

test('Runs that write the same record at once do not lose each other’s writes', async () => {
  const id = freshKey();
  const runs = await Promise.all(
    Array.from({ length: 8 }, () =>
      fixture.start({ nodes: { keep: node('test/keep', { id }) }, edges: chain('start', 'keep') }),
    ),
  );
  await fixture.engine.settle();
  const outputs = await Promise.all(runs.map(async (run) => (await fixture.observe(run)).output as { number: number }));
  expect(outputs.map(({ number }) => number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('R-X3 $now and $random are the same when a step runs again after a failure', async () => {
  const values: Json[] = [];
  onEffect = async (input, { attempt }) => {
    values.push(input);
    if (attempt === 1) throw new MillraceError('AWAY', 'It is away.', { category: 'transient' });
  };
  await fixture.start({
    nodes: {
      make: node('test/pure', { value: '{% {"now": $now(), "random": $random()} %}' }),
      send: { ...node('test/effect'), retry: { schedule: ['1m'] } },
    },
    edges: chain('start', 'make', 'send'),
  });
  await fixture.engine.settle();
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 61_000));
  await fixture.engine.settle();
  expect(values).toHaveLength(2);
  expect(values[0]).toEqual(values[1]);
});

test('R-X3 branches of a fan-out run side by side and meet at their join', async () => {
  const nodes = { a: node('test/effect'), b: node('test/effect'), join: node('test/pure') };
  const edges = [...chain('start', 'a', 'join'), ...chain('start', 'b', 'join')];
  const run = await fixture.start({ nodes, edges }, { n: 1 });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: { a: { n: 1 }, b: { n: 1 } } });
});

test('An error goes to the error port, where the flow decides', async () => {
  const nodes = { refuse: node('test/refuse'), tell: node('test/pure', { value: '{% $error.code %}' }) };
  const edges = [...chain('start', 'refuse'), { from: 'refuse', port: 'error', to: 'tell' }];
  const run = await fixture.start({ nodes, edges });
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: 'REFUSED' });
});

test('A waiting run that is cancelled ends as cancelled and its wait is closed', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  expect(await fixture.engine.cancel(fixture.tenant.id, run)).toBe(true);
  expect((await fixture.endOf(run)).status).toBe('cancelled');
  expect(await fixture.signal(key, 'too late')).toMatchObject({ state: 'late' });
  expect(await fixture.engine.cancel(fixture.tenant.id, run)).toBe(false);
});

test('A run that is cancelled while it works does not go on to its next outside write', async () => {
  onEffect = async (_input, { run, step }) => {
    if (step === 'first') await fixture.engine.cancel(fixture.tenant.id, run.id);
  };
  const nodes = { first: node('test/effect'), second: node('test/effect') };
  const run = await fixture.start({ nodes, edges: chain('start', 'first', 'second') });
  expect((await fixture.endOf(run)).status).toBe('cancelled');
  expect(effects).toHaveLength(1);
});

test('R-X3 a database that ends all connections breaks nothing for good', async () => {
  const key = freshKey();
  const run = await fixture.start(waitFor(key));
  await fixture.engine.settle();
  const client = new pg.Client(fixture.url);
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  await expect.poll(async () => (await fixture.signal(key, 'after all').catch(() => undefined))?.state).toBeDefined();
  await expect.poll(async () => (await fixture.observe(run)).status, { timeout: 20_000 }).toBe('succeeded');
});

test('R-X3 a worker that lost its run writes nothing more, and the run is carried on with the same key', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  onEffect = async (_input, { repeated }) => {
    begun.resolve();
    if (!repeated) await gate.promise;
  };
  const run = await fixture.start({
    nodes: { send: node('test/effect'), after: node('test/pure', { value: '{% "ok" %}' }) },
    edges: chain('start', 'send', 'after'),
  });
  await begun.promise;
  // Another worker takes the run as if the lease had run out.
  const { database } = fixture.foundation;
  await database.asTenants([fixture.tenant.id], async (tx) => {
    await sql`update millrace.run set lease_until = millrace.now() - interval '1 second' where id = ${run}`.execute(tx);
    expect(await takeRuns(tx, [run], { holder: 'somebody else', ms: 2_000 })).toMatchObject([{ takenOver: true }]);
  });
  gate.resolve();
  expect((await fixture.endOf(run)).status).toBe('running');
  const other = await fixture.another();
  await expect.poll(async () => (await fixture.observe(run)).status, { timeout: 20_000 }).toBe('succeeded');
  await other.settle();
  expect(new Set(effects.map(({ key }) => key)).size).toBe(1);
  expect(effects.at(-1)).toMatchObject({ repeated: true });
});
