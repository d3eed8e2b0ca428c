/** Pausing a flow, and what happens in the very instant of it; the real engine on a real database. */
import { type Json, MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deploy } from '../postgres/flows/deployments.ts';
import { pauseFlow, resumeFlow } from '../postgres/flows/pause.ts';
import { acceptRuns } from '../postgres/runs/accept-runs.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { chain, node, sending, waiting } from './flows.fixture.ts';

let onSend: (input: Json) => Promise<void> | void = () => undefined;
const send = sending(async (input) => {
  await onSend(input);
  return input;
});

let fixture: EngineFixture;
let flow: { tenant: string; environment: string; flowId: string };
beforeAll(async () => {
  fixture = await startFixture({ nodes: [send, waiting], leaseMs: 4_000 });
  flow = { tenant: fixture.tenant.id, environment: 'production', flowId: 'test' };
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  onSend = () => undefined;
  await fixture.engine.resume(flow);
});

const sendOnce = { nodes: { send: node('test/send') }, edges: chain('start', 'send') };
const waitingFor = (key: string) => ({
  nodes: { wait: node('test/wait', { key }) },
  edges: chain('start', 'wait'),
});

const inTenant: EngineFixture['foundation']['database']['asTenants'] = (...args) =>
  fixture.foundation.database.asTenants(...args);

/** Deploys the version that a run of it has. */
async function deployed(run: string): Promise<string> {
  return inTenant([flow.tenant], async (tx) => {
    const { rows } = await sql<{ version: string }>`select version from millrace.run where id = ${run}`.execute(tx);
    const version = rows[0]?.version as string;
    await deploy(tx, { ...flow, version, parameters: {}, connections: {} }, { routes: [], recordTypes: [] });
    return version;
  });
}

const endOf = async (run: string) => (await fixture.endOf(run)).status;

test('R-X3 a run that fails while its flow is paused can be redriven once it is resumed', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  onSend = async () => {
    begun.resolve();
    await gate.promise;
    throw new MillraceError('REFUSED', 'No.');
  };
  const run = await fixture.start(sendOnce);
  await begun.promise;
  await deployed(run);
  await fixture.engine.pause(flow);
  gate.resolve();
  expect(await endOf(run)).toBe('failed');
  onSend = () => undefined;
  await fixture.engine.resume(flow);
  await fixture.engine.redrive(flow.tenant, [run], 'Olga');
  expect(await endOf(run)).toBe('succeeded');
});

test('R-X3 a run that is redriven while its flow is paused goes on when that is resumed', async () => {
  onSend = () => {
    throw new MillraceError('REFUSED', 'No.');
  };
  const run = await fixture.start(sendOnce);
  expect(await endOf(run)).toBe('failed');
  await deployed(run);
  onSend = () => undefined;
  await fixture.engine.pause(flow);
  expect(await fixture.engine.redrive(flow.tenant, [run], 'Olga')).toBe(1);
  expect(await endOf(run)).toBe('running');
  await fixture.engine.resume(flow);
  expect(await endOf(run)).toBe('succeeded');
});

test('R-X3 what is stored in the instant in which its flow is resumed is not held for ever', async () => {
  const version = await deployed(await fixture.start(sendOnce));
  await fixture.engine.pause(flow);
  const run = await inTenant([flow.tenant], async (tx) => {
    const entry = {
      ...flow,
      version,
      parameters: {},
      connections: {},
      node: 'start',
      payload: {},
      meta: {},
      source: 'x',
    };
    const [entered] = await acceptRuns(tx, [{ run: entry, leased: false }], { holder: 'x', ms: 1 });
    await inTenant([flow.tenant], (other) => resumeFlow(other, flow));
    return entered?.run as string;
  });
  expect(await endOf(run)).toBe('succeeded');
});

test('R-X3 what is stored in the instant in which its flow is paused is held before it wakes', async () => {
  const key = 'paused at once';
  const run = await fixture.start(waitingFor(key));
  expect(await endOf(run)).toBe('waiting');
  await deployed(run);
  await inTenant([flow.tenant], (tx) => pauseFlow(tx, { ...flow, flowId: 'another' }));
  await fixture.engine.pause(flow);
  expect(await fixture.signal(key)).toMatchObject({ state: 'matched' });
  expect(await endOf(run)).toBe('running');
  await fixture.engine.resume(flow);
  expect(await endOf(run)).toBe('succeeded');
});

test('R-X3 a run of a paused flow can be cancelled', async () => {
  const run = await fixture.start(waitingFor('never'));
  expect(await endOf(run)).toBe('waiting');
  await deployed(run);
  await fixture.engine.pause(flow);
  expect(await fixture.engine.cancel(flow.tenant, run)).toBe(true);
  expect(await endOf(run)).toBe('cancelled');
});

test('R-X3 pausing and resuming touch none of the runs: a locked one holds nothing up, and follows when it can', async () => {
  const runs = [await fixture.start(waitingFor('locked')), await fixture.start(waitingFor('beside'))];
  for (const run of runs) expect(await endOf(run)).toBe('waiting');
  await deployed(runs[0] as string);
  const client = new pg.Client(fixture.url);
  await client.connect();
  const lock = 'select from millrace.run where id = $1 for update';
  await client.query('begin');
  await client.query(lock, [runs[0]]);
  expect(await fixture.engine.pause(flow)).toBe(true);
  await client.query('rollback');
  for (const key of ['locked', 'beside']) await fixture.signal(key);
  for (const run of runs) expect(await endOf(run)).toBe('running');
  await client.query('begin');
  await client.query(lock, [runs[0]]);
  expect(await fixture.engine.resume(flow)).toBe(true);
  expect(await endOf(runs[1] as string)).toBe('succeeded');
  await client.query('rollback');
  await client.end();
  expect(await endOf(runs[0] as string)).toBe('succeeded');
});

test('R-X3 all runs of a paused flow are held back and let go, however many', async () => {
  const count = 1_200;
  let sent = 0;
  onSend = () => void sent++;
  const run = await fixture.start(sendOnce);
  expect(await endOf(run)).toBe('succeeded');
  await deployed(run);
  await fixture.engine.pause(flow);
  sent = 0;
  const held = () =>
    inTenant([flow.tenant], async (tx) => {
      const { rows } = await sql<{ count: number }>`select count(*) from millrace.run where held`.execute(tx);
      return rows[0]?.count;
    });
  await inTenant([flow.tenant], (tx) =>
    sql`
      insert into millrace.run
        (tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source)
      select tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source
      from millrace.run, generate_series(1, ${count}) where id = ${run}`.execute(tx),
  );
  await fixture.engine.settle();
  expect([sent, await held()]).toEqual([0, count]);
  await fixture.engine.resume(flow);
  await fixture.engine.settle();
  expect([sent, await held()]).toEqual([count, 0]);
});
