/* Long because every kind of step that a replay may begin at needs a node of its own, and all share one engine. */
import { AnyJson, defineNode, each, emit, Failure, type Json, MillraceError, wait } from '@millrace/contract';
import { sql } from 'kysely';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EngineFixture, startFixture } from '../engine/engine.fixture.ts';
import { described, sending, value, waitingAnHour } from '../engine/flows.fixture.ts';
import { deploy } from '../postgres/flows/deployments.ts';
import { redriveRuns } from '../postgres/runs/redrive-runs.ts';
import { loadReplayedRun, type ReplayedRun } from '../postgres/runs/replay-runs.ts';
import { prepareReplay } from './replay-run.ts';

/** What the other system was sent, with the idempotency keys. */
let sent: { key: string; step: string; input: Json }[] = [];
/** What the other system answers; by default it accepts. */
let answer: (input: Json) => void = () => undefined;

const send = sending((input, ctx) => {
  sent.push({ key: ctx.idempotencyKey(), step: ctx.step, input });
  answer(input);
  return { sent: input };
});

const forEach = defineNode({
  ...described,
  id: 'test/each',
  title: 'Each',
  body: true,
  config: Type.Object({}),
  outputs: { out: AnyJson, partial: Failure('ITEMS_FAILED', AnyJson) },
  effect: 'pure',
  run: (input) => each({ items: (input as { items: Json[] }).items, concurrency: 2, onItemError: 'stop' }),
});

const call = defineNode({
  ...described,
  id: 'test/call',
  title: 'Call',
  config: Type.Object({ flow: Type.String() }),
  effect: 'stored',
  run: async (input, { flow }, { runs }) => wait({ channel: 'run', key: await runs.call(flow, input) }),
  resume: ({ payload }) => emit('out', (payload as { output: Json }).output),
});

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, value, waitingAnHour, forEach, call] });
});
afterAll(() => fixture.stop());
beforeEach(() => {
  sent = [];
  answer = () => undefined;
});

const node = (type: string, config: Record<string, unknown> = {}) => ({ type: `test/${type}`, version: 1, config });
const chain = (...ids: string[]) => ids.slice(1).map((to, index) => ({ from: ids[index] as string, to }));
const refuse = () => {
  throw new MillraceError('UNKNOWN_CUSTOMER', 'The customer is unknown.');
};

const sendTwice = { nodes: { first: node('send'), second: node('send') }, edges: chain('start', 'first', 'second') };

const replay = (run: string, from: string, input?: Json) =>
  fixture.engine.replay({ tenant: fixture.tenant.id, run, from, by: 'Olga', ...(input !== undefined && { input }) });

async function rowOf(run: string) {
  const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
    sql`select origin, generation, source, trigger from millrace.run where id = ${run}`.execute(tx),
  );
  return rows[0] as { origin: string; generation: number; source: string; trigger: { payload: Json } };
}

/** How many transactions wait for a lock that another holds. */
async function waitingForLocks(): Promise<number> {
  const { rows } = await fixture.foundation.database.asScanner((tx) =>
    sql<{ count: number }>`
      select count(*)::int as count from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where locktype = 'advisory' and not granted and datname = current_database()`.execute(tx),
  );
  return rows[0]?.count ?? 0;
}

const keys = () => sent.map(({ key }) => key);

describe('R-X3 a replay', () => {
  test('is a new run from the step on, with the keys of the old one and its history up to there', async () => {
    const run = await fixture.start(sendTwice, { order: 1 });
    const old = await fixture.endOf(run);
    const [, second] = keys();
    sent = [];
    const again = await replay(run, 'second');
    const done = await fixture.endOf(again);
    expect(again).not.toBe(run);
    expect(sent).toEqual([{ key: second, step: 'second', input: { sent: { order: 1 } } }]);
    expect(done).toMatchObject({ status: 'succeeded', output: old.output });
    expect(done.steps).toEqual(old.steps);
    expect(await rowOf(again)).toMatchObject({ origin: run, generation: 0 });
    expect((await rowOf(again)).source).toContain(`Olga, as a replay of run ${run} from “second”`);
    expect(await fixture.observe(run)).toEqual(old);
  });

  test('with an edited input opens a new generation of keys, each time another', async () => {
    const run = await fixture.start(sendTwice, { order: 1 });
    await fixture.endOf(run);
    const once = await replay(run, 'second', { order: 2 });
    const done = await fixture.endOf(once);
    expect(done.output).toEqual({ sent: { order: 2 } });
    expect(done.steps).toMatchObject([
      { key: 'first', output: { order: 2 } },
      { key: 'second', input: { order: 2 } },
    ]);
    await fixture.endOf(await replay(run, 'second', { order: 3 }));
    expect(new Set(keys()).size).toBe(4);
    expect(await rowOf(once)).toMatchObject({ origin: run, generation: 1 });
    // The edited run's own keys are used again where that is replayed as it is.
    const again = await replay(once, 'second');
    await fixture.endOf(again);
    expect(await rowOf(again)).toMatchObject({ origin: run, generation: 1 });
    expect(sent.at(-1)).toEqual({ ...sent[2] });
  });

  test('asked for twice at once with edited inputs, gives them keys apart', async () => {
    const run = await fixture.start(sendTwice);
    await fixture.endOf(run);
    const { foundation, tenant } = fixture;
    const { store } = await prepareReplay(foundation, { tenant: tenant.id, run, from: 'second', input: 1, by: 'Olga' });
    const both = await foundation.database.asTenants([tenant.id], async (tx) => {
      const { run: one } = await store(tx);
      const other = replay(run, 'second', 2);
      await expect.poll(waitingForLocks, { timeout: 10_000 }).toBe(1);
      return { one, other };
    });
    await both.other;
    expect((await rowOf(both.one)).generation).toBe(1);
    expect((await rowOf(await both.other)).generation).toBe(2);
    await fixture.engine.settle();
  });

  test('from the first step may have another trigger payload', async () => {
    const run = await fixture.start(sendTwice, { order: 1 });
    await fixture.endOf(run);
    const again = await replay(run, 'first', { order: 9 });
    expect(await fixture.endOf(again)).toMatchObject({ output: { sent: { sent: { order: 9 } } } });
    expect((await rowOf(again)).trigger.payload).toEqual({ order: 9 });
  });

  test('of a failed run goes on with what the failed step got, and leaves the dead letter as it is', async () => {
    answer = () => sent.length === 2 && refuse();
    const run = await fixture.start(sendTwice, { order: 1 });
    expect((await fixture.endOf(run)).status).toBe('failed');
    const again = await replay(run, 'second');
    expect((await fixture.endOf(again)).status).toBe('succeeded');
    expect(keys()[2]).toBe(keys()[1]);
    expect((await fixture.observe(run)).status).toBe('failed');
  });

  test('of a failed run that was redriven in the meantime is refused', async () => {
    answer = refuse;
    const run = await fixture.start(sendTwice);
    await fixture.engine.settle();
    const { foundation, tenant, engine } = fixture;
    const { store } = await prepareReplay(foundation, { tenant: tenant.id, run, from: 'first', by: 'Olga' });
    answer = () => undefined;
    await foundation.database.asTenants([tenant.id], async (tx) => {
      await redriveRuns(tx, [run], 'Olga');
      await expect(store(tx)).rejects.toMatchObject({ code: 'RUN_NOT_ENDED' });
    });
    await engine.settle();
    expect((await fixture.observe(run)).status).toBe('succeeded');
  });

  test('of a waiting step waits again, and takes only an answer of its own', async () => {
    const run = await fixture.start({ nodes: { ack: node('wait', { key: 'w-1' }) }, edges: chain('start', 'ack') });
    await fixture.engine.settle();
    await expect(replay(run, 'ack')).rejects.toMatchObject({ code: 'RUN_NOT_ENDED' });
    await fixture.signal('w-1', 'first answer');
    expect((await fixture.endOf(run)).status).toBe('succeeded');
    const again = await replay(run, 'ack');
    expect((await fixture.endOf(again)).status).toBe('waiting');
    await fixture.signal('w-1', 'second answer');
    expect(await fixture.endOf(again)).toMatchObject({ status: 'succeeded', output: 'second answer' });
  });

  test('of a cancelled run waits for what that had waited for', async () => {
    const run = await fixture.start({ nodes: { ack: node('wait', { key: 'w-2' }) }, edges: chain('start', 'ack') });
    await fixture.engine.settle();
    await fixture.engine.cancel(fixture.tenant.id, run);
    await fixture.engine.settle();
    const again = await replay(run, 'ack');
    expect((await fixture.endOf(again)).status).toBe('waiting');
    await fixture.signal('w-2', 'yes');
    expect((await fixture.endOf(again)).status).toBe('succeeded');
  });

  test('behind a wait that expired sees what that gave', async () => {
    const run = await fixture.start({
      nodes: { ack: node('wait', { key: 'w-3' }), after: node('send') },
      edges: [...chain('start', 'ack'), { from: 'ack', port: 'expired', to: 'after' }],
    });
    await fixture.engine.settle();
    await fixture.clock.advanceTo(new Date((await fixture.clock.now()).getTime() + 3_600_001));
    await fixture.endOf(run);
    const [first] = sent;
    expect(first).toMatchObject({ step: 'after', input: { channel: 'test', key: 'w-3' } });
    await fixture.endOf(await replay(run, 'after'));
    expect(sent).toEqual([first, first]);
  });

  test('in one branch leaves the other alone, and the join gets what both brought', async () => {
    const run = await fixture.start({
      nodes: { left: node('send'), right: node('send'), join: node('value', { value: '{% $ %}' }) },
      edges: [...chain('start', 'left', 'join'), ...chain('start', 'right', 'join')],
    });
    const old = await fixture.endOf(run);
    sent = [];
    const again = await fixture.endOf(await replay(run, 'left'));
    expect(sent.map(({ step }) => step)).toEqual(['left']);
    expect(again.output).toEqual(old.output);
  });

  test('from a loop does its passes again with the keys that each had; from inside one there is none', async () => {
    const run = await fixture.start(
      {
        nodes: { lines: node('each'), send: { ...node('send'), parent: 'lines' } },
        edges: chain('start', 'lines'),
      },
      { items: [1, 2, 3] },
    );
    const old = await fixture.endOf(run);
    const first = keys().toSorted();
    sent = [];
    expect((await fixture.endOf(await replay(run, 'lines'))).output).toEqual(old.output);
    expect(first).toHaveLength(3);
    expect(keys().toSorted()).toEqual(first);
    await expect(replay(run, 'lines[0]/send')).rejects.toMatchObject({ code: 'REPLAY_IN_LOOP' });
  });

  test('calls a flow anew, with the keys of the call that was, and gets the answer of that call', async () => {
    const { foundation, tenant } = fixture;
    const called = await fixture.start(sendTwice);
    await fixture.endOf(called);
    await foundation.database.asTenants([tenant.id], async (tx) => {
      const { version } = (await loadReplayedRun(tx, called)) as ReplayedRun;
      const place = { tenant: tenant.id, environment: 'production', flowId: 'sender' };
      await deploy(tx, { ...place, version, parameters: {}, connections: {} }, { routes: [], recordTypes: [] });
    });
    const nodes = { call: node('call', { flow: 'sender' }) };
    const run = await fixture.start({ nodes, edges: chain('start', 'call') }, { order: 5 });
    const old = await fixture.endOf(run);
    expect(old.status).toBe('succeeded');
    const before = keys();
    sent = [];
    expect(await fixture.endOf(await replay(run, 'call'))).toMatchObject({ status: 'succeeded', output: old.output });
    expect(keys()).toEqual(before.slice(-2));
    sent = [];
    await fixture.endOf(await replay(run, 'call', { order: 6 }));
    expect(keys()).toHaveLength(2);
    for (const key of keys()) expect(before).not.toContain(key);
  });

  test('has large values of its own', async () => {
    const large = 'x'.repeat(200_000);
    const nodes = { make: node('value', { value: large }), send: node('send') };
    const run = await fixture.start({ nodes, edges: chain('start', 'make', 'send') });
    await fixture.endOf(run);
    const again = await replay(run, 'send');
    await fixture.endOf(again);
    expect(sent.map(({ input }) => input === large)).toEqual([true, true]);
    const { rows } = await fixture.foundation.database.asTenants([fixture.tenant.id], (tx) =>
      sql`select run_id from millrace.payload where run_id is null or run_id = ${again}`.execute(tx),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(rows.map(() => ({ run_id: again })));
  });

  test('of what does not exist, from where the run never came, or of another tenant is refused', async () => {
    const run = await fixture.start(sendTwice);
    await fixture.endOf(run);
    await expect(replay(run, 'third')).rejects.toMatchObject({ code: 'REPLAY_STEP_UNKNOWN' });
    await expect(replay('01a1fd87-d256-7dfb-907c-79e4f55d5044', 'first')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const stranger = { tenant: '01a1fd87-d256-7dfb-907c-79e4f55d5044', run, from: 'first', by: 'Olga' };
    await expect(fixture.engine.replay(stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
