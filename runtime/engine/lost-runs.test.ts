/**
 * What becomes of a run whose process dies, or loses it, in mid-work; the real engine on a real database. Long because each
 * instant in which that can happen is a test of its own, and all share one engine.
 */
import { defineNode, Expression, each, type Json, MillraceError, type NodeContext } from '@millrace/contract';
import { sql } from 'kysely';
import pg from 'pg';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadPassResults } from '../postgres/runs/load-passes.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, described, node, sending, value, waiting } from './flows.fixture.ts';

interface Call {
  readonly step: string;
  readonly key: string;
  readonly input: Json;
}

/** What the other system was called with. */
let calls: Call[] = [];
let onCall: (call: Call, ctx: NodeContext) => Promise<void> | void = () => undefined;
/** What happens when a loop names its list. */
let onList: () => void = () => undefined;

const send = sending(async (input, ctx) => {
  const call = { step: ctx.step, key: ctx.idempotencyKey(), input };
  calls.push(call);
  await onCall(call, ctx);
  return input;
});

const forEach = defineNode({
  ...described,
  id: 'test/each',
  title: 'Each',
  body: true,
  config: Type.Object({ items: Expression(Type.Unsafe<Json>({})) }),
  effect: 'pure',
  run(_input, { items }) {
    onList();
    return each({ items: items as readonly Json[], concurrency: 1, onItemError: 'stop' });
  },
});

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, value, forEach, waiting], leaseMs: 4_000 });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  calls = [];
  onCall = () => undefined;
  onList = () => undefined;
});

const ended = async (run: string, how: 'succeeded' | 'failed' | 'waiting' = 'succeeded') =>
  await expect.poll(async () => (await fixture.observe(run)).status, { timeout: 20_000, interval: 20 }).toBe(how);

/** As if another process had taken the run, its lease here having run out, and had died at once. */
async function loseLease(run: string): Promise<void> {
  await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql`
      update millrace.run set token = token + 1, takeovers = takeovers + 1, lease_until = null where id = ${run}`.execute(
      tx,
    ),
  );
}

test('R-X3 a run that its own process has lost and taken again goes on once; what the first attempt brings counts no more', async () => {
  const gate = Promise.withResolvers<void>();
  let runId = '';
  onCall = async (_call, { run }) => {
    if (calls.length > 1) return;
    runId = run.id;
    await loseLease(run.id);
    await gate.promise;
  };
  const run = await fixture.start({
    nodes: { send: node('test/send'), next: node('test/send') },
    edges: chain('start', 'send', 'next'),
  });
  await ended(run);
  gate.resolve();
  await fixture.engine.settle();
  expect(runId).toBe(run);
  expect(calls.map(({ step }) => step)).toEqual(['send', 'send', 'next']);
  expect(calls[1]?.key).toBe(calls[0]?.key);
  const other = await fixture.start({ nodes: { send: node('test/send') }, edges: chain('start', 'send') });
  await ended(other);
});

test('R-X2 the results of a loop are there after a failure beside it, in whatever instant that comes', async () => {
  const nodes = {
    lines: node('test/each', { items: '{% items %}' }),
    item: node('test/send', {}, 'lines'),
    beside: node('test/send'),
  };
  const edges = [...chain('start', 'lines'), ...chain('start', 'beside')];
  const { tenant, foundation } = fixture;
  const { database } = foundation;
  for (let turns = 0; turns < 32; turns++) {
    const last = Promise.withResolvers<void>();
    let isAway = true;
    onCall = async ({ step, input }, { run }) => {
      if (input === 'last') last.resolve();
      if (step !== 'beside' || !isAway) return;
      await last.promise;
      // It takes as long as what the loop does at its end: it reads what was stored.
      await database.asTenants([tenant.id], (tx) => loadPassResults(tx, { run: run.id, step: 'x', from: 0, limit: 1 }));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      throw new MillraceError('REFUSED', 'No.');
    };
    const run = await fixture.start({ nodes, edges }, { items: ['first', 'last'] });
    await ended(run, 'failed');
    isAway = false;
    await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
    await ended(run);
    expect((await fixture.observe(run)).output, `after ${turns} turns`).toMatchObject({ lines: ['first', 'last'] });
  }
});

test('R-X2 a list that cannot be read for a moment is read later; the run does not fail by it', async () => {
  const flow = {
    nodes: {
      lines: { ...node('test/each', { items: '{% items %}' }), retry: { schedule: ['1m'] } },
      item: node('test/send', {}, 'lines'),
    },
    edges: chain('start', 'lines'),
  };
  onCall = ({ input }) => {
    if (input === 'b') throw new MillraceError('REFUSED', 'No.');
  };
  const run = await fixture.start(flow, { items: ['a', 'b', 'c'] });
  await ended(run, 'failed');
  onCall = () => undefined;
  let isAway = true;
  onList = () => {
    if (isAway) throw new MillraceError('AWAY', 'It is away.', { category: 'transient' });
  };
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  await ended(run, 'waiting');
  isAway = false;
  await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 61_000));
  expect(await fixture.endOf(run)).toMatchObject({ status: 'succeeded', output: ['a', 'b', 'c'] });
});

test('R-X3 a run that cannot be stored is redriven from its last commit, not from its beginning', async () => {
  const run = await fixture.start({
    nodes: { first: node('test/send'), second: node('test/send'), bad: node('test/value', { value: '\0' }) },
    edges: chain('start', 'first', 'second', 'bad'),
  });
  await ended(run, 'failed');
  expect((await fixture.observe(run)).error).toMatchObject({ code: 'DATA_NOT_STORABLE' });
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  await fixture.engine.settle();
  expect(calls.filter(({ step }) => step === 'first')).toHaveLength(1);
});

test('R-X3 what an item of a loop is sent with is the same after a death, $now too', async () => {
  const nodes = {
    lines: node('test/each', { items: '{% items %}' }),
    document: node('test/value', { value: '{% { "item": $item, "at": $now() } %}' }, 'lines'),
    item: node('test/send', {}, 'lines'),
    after: node('test/value', { value: '{% $now() %}' }),
    told: node('test/send'),
  };
  const edges = [...chain('start', 'lines', 'after', 'told'), ...chain('document', 'item')];
  onCall = async ({ key }, { run }) => {
    if (calls.filter((call) => call.key === key).length > 1) return;
    await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 5_000));
    await loseLease(run.id);
    await new Promise(() => undefined);
  };
  const run = await fixture.start({ nodes, edges }, { items: ['a', 'b'] });
  await ended(run);
  expect(calls).toHaveLength(6);
  for (const key of new Set(calls.map((call) => call.key))) {
    const [first, second] = calls.filter((call) => call.key === key);
    expect(second?.input).toEqual(first?.input);
  }
});

test('T14 R-X3 a run that gets on is not given up, however many processes it has lost', async () => {
  const steps = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  onCall = async ({ key }, { run }) => {
    if (calls.filter((call) => call.key === key).length > 1) return;
    await loseLease(run.id);
    await new Promise(() => undefined);
  };
  const run = await fixture.start({
    nodes: Object.fromEntries(steps.map((step) => [step, node('test/send')])),
    edges: chain('start', ...steps),
  });
  await ended(run);
});

test('R-X3 a row that somebody keeps locked holds up its own run alone', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  onCall = async ({ input }) => {
    if (input !== 'locked') return;
    begun.resolve();
    await gate.promise;
  };
  const flow = {
    nodes: { name: node('test/value', { value: '{% name %}' }), send: node('test/send') },
    edges: chain('start', 'name', 'send'),
  };
  const locked = await fixture.start(flow, { name: 'locked' });
  await begun.promise;
  const client = new pg.Client(fixture.url);
  await client.connect();
  await client.query('begin');
  await client.query('select from millrace.run where id = $1 for update', [locked]);
  gate.resolve();
  const others = await Promise.all(['x', 'y', 'z'].map((name) => fixture.start(flow, { name })));
  for (const other of others) await ended(other);
  await client.query('rollback');
  await client.end();
  await ended(locked);
  expect(calls.filter(({ input }) => input === 'locked')).toHaveLength(1);
});

test('R-X3 a run that was to be cancelled when it failed can be redriven all the same', async () => {
  onCall = () => {
    throw new MillraceError('REFUSED', 'No.');
  };
  const run = await fixture.start({ nodes: { send: node('test/send') }, edges: chain('start', 'send') });
  await ended(run, 'failed');
  await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql`update millrace.run set cancel = true where id = ${run}`.execute(tx),
  );
  onCall = () => undefined;
  await fixture.engine.redrive(fixture.tenant.id, [run], 'Olga');
  await ended(run);
});

/** While it lasts, a process that has decided that a run fails dies before that is written; once for each run. */
async function dyingBeforeFailure(during: () => Promise<void>): Promise<void> {
  const client = new pg.Client(fixture.url);
  await client.connect();
  await client.query(`
    create function pg_temp.dies() returns trigger language plpgsql as 'begin return null; end';
    create trigger dies before update on millrace.run for each row
      when (new.status = 'failed' and old.takeovers = 0) execute function pg_temp.dies()`);
  try {
    await during();
  } finally {
    await client.query('drop trigger dies on millrace.run');
    await client.end();
  }
}

test('R-X3 a run that fails by a wait on a taken key, and is lost before it ends, fails all the same', async () => {
  const waits = { ack: node('test/wait', { key: 'taken' }) };
  await ended(await fixture.start({ nodes: waits, edges: chain('start', 'ack') }), 'waiting');
  await dyingBeforeFailure(async () => {
    const run = await fixture.start({
      nodes: { ...waits, first: node('test/send'), second: node('test/send'), third: node('test/send') },
      edges: [...chain('start', 'ack'), ...chain('start', 'first', 'second'), ...chain('first', 'third')],
    });
    await ended(run, 'failed');
    expect((await fixture.observe(run)).error).toMatchObject({ code: 'WAIT_TAKEN' });
  });
});

test('R-X3 a step that never answers does not keep the place of a run that is lost', async () => {
  onCall = async (_call, { run }) => {
    if (calls.length > 1) return;
    await loseLease(run.id);
    await new Promise(() => undefined);
  };
  await ended(await fixture.start({ nodes: { send: node('test/send') }, edges: chain('start', 'send') }));
  await fixture.engine.settle();
  expect(calls).toHaveLength(2);
});
