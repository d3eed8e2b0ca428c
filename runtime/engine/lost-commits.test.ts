/** Commits whose answer is lost on the way: what comes in, and what runs do; the real engine, over a way that breaks. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type CommitProxy, type Fate, startCommitProxy } from './commit-proxy.fixture.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, node, sending, waiting } from './flows.fixture.ts';

/** Steps that have called the other system. */
let calls: string[] = [];
let onSend: () => Promise<void> = async () => undefined;

const send = sending(async (input, { step }) => {
  calls.push(step);
  await onSend();
  return input;
}, 'unsafe-write');

let fixture: EngineFixture;
let proxy: CommitProxy;
let owner: pg.Client;
beforeAll(async () => {
  fixture = await startFixture({
    nodes: [send, waiting],
    leaseMs: 20_000,
    by: async (url) => {
      proxy = await startCommitProxy(url);
      return proxy.url;
    },
  });
  owner = new pg.Client(fixture.url);
  await owner.connect();
  // Row-level security binds the owner too.
  await owner.query(`set app.tenants = '{${fixture.tenant.id}}'`);
});
afterAll(async () => {
  await owner.end();
  await fixture.stop();
  await proxy.close();
});
beforeEach(async () => {
  calls = [];
  onSend = async () => undefined;
  await owner.query('delete from millrace.signal');
  await owner.query('delete from millrace.run');
});

const fates: readonly Fate[] = ['done', 'undone', 'under way'];
const sendOnce = { nodes: { send: node('test/send') }, edges: chain('start', 'send') };
const waitingFor = (key: string) => ({
  nodes: { wait: node('test/wait', { key }), send: node('test/send') },
  edges: chain('start', 'wait', 'send'),
});

/** Loses the answer; what is under way is let go on when its repeat waits for it, or has found its mailbox locked. */
async function losing<T>(ofStatement: string, fate: Fate, doing: () => Promise<T>): Promise<T> {
  const lost = proxy.loseCommit(ofStatement, fate);
  const done = doing();
  const goOn = await lost;
  if (fate === 'under way') await repeated(ofStatement);
  await goOn();
  return done;
}

async function repeated(ofStatement: string): Promise<void> {
  if (ofStatement.includes('signal')) await proxy.sees('pg_try_advisory_xact_lock');
  else await expect.poll(waitsForLock, { timeout: 10_000, interval: 10 }).toBe(true);
}

async function waitsForLock(): Promise<boolean> {
  const { rows } = await owner.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

const statusBecomes = async (run: string, status: string) =>
  await expect.poll(async () => (await fixture.observe(run)).status, { timeout: 10_000, interval: 10 }).toBe(status);

async function tableOf<Row>(columns: string, table: 'run' | 'signal' | 'wait'): Promise<Row[]> {
  return (await owner.query(`select ${columns} from millrace.${table}`)).rows as Row[];
}

test.each(fates)('R-X1 what comes in is one run, and its sender is told so, when its commit is %s', async (fate) => {
  const run = await losing('insert into millrace.run', fate, () => fixture.start(sendOnce));
  await statusBecomes(run, 'succeeded');
  expect(await tableOf('id', 'run')).toEqual([{ id: run }]);
  expect(calls).toEqual(['send']);
});

test.each(fates)('R-X1 a signal is stored once, and its run goes on, when its commit is %s', async (fate) => {
  const run = await fixture.start(waitingFor(fate));
  await statusBecomes(run, 'waiting');
  const stored = await losing('insert into millrace.signal', fate, () => fixture.signal(fate));
  expect(stored).toMatchObject({ state: 'matched', wakeUp: { run } });
  await statusBecomes(run, 'succeeded');
  expect(await tableOf('id', 'signal')).toEqual([{ id: stored.id }]);
  expect(calls).toEqual(['send']);
});

test.each(fates)('R-X3 a run goes on in the same hands when the commit of a step is %s', async (fate) => {
  const nodes = { first: node('test/send'), second: node('test/send') };
  const run = await losing('state = case when moves', fate, () =>
    fixture.start({ nodes, edges: chain('start', 'first', 'second') }),
  );
  await statusBecomes(run, 'succeeded');
  expect(calls).toEqual(['first', 'second']);
  expect(await tableOf('token, takeovers', 'run')).toEqual([{ token: 1, takeovers: 0 }]);
});

test('R-X3 a run that was stored at the second try is not taken from the hands that work on it', async () => {
  const nodes = { wait: node('test/wait', { key: 'beside' }), send: node('test/send') };
  const [sends, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  onSend = () => {
    sends.resolve();
    return answered.promise;
  };
  const edges = [...chain('start', 'wait'), ...chain('start', 'send')];
  const run = await losing('insert into millrace.run', 'undone', () => fixture.start({ nodes, edges }));
  await sends.promise;
  await expect.poll(async () => (await tableOf('id', 'wait')).length, { timeout: 10_000, interval: 10 }).toBe(1);
  expect(await fixture.signal('beside')).toMatchObject({ state: 'matched' });
  answered.resolve();
  await statusBecomes(run, 'succeeded');
  expect(calls).toEqual(['send']);
  expect(await tableOf('token', 'run')).toEqual([{ token: 1 }]);
});
