import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../postgres/database.ts';
import { type Instance, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
/** May look at everything that the database’s owner may. */
let owner: pg.Client;
beforeAll(async () => {
  instance = await startInstance();
  owner = new pg.Client(instance.databaseUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await instance?.stop();
});

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });

interface Table {
  readonly name: string;
  /** The application may ask it. */
  readonly isAsked: boolean;
  /** Row-level security holds, for its owner too. */
  readonly isForced: boolean;
}

/** All tables that have rows of tenants. */
async function tables(): Promise<Table[]> {
  const { rows } = await owner.query<Table>(`
    select c.relname as name, has_table_privilege('millrace_app', c.oid, 'select') as "isAsked",
      relrowsecurity and relforcerowsecurity as "isForced"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'millrace'::regnamespace and c.relkind in ('r', 'p') order by 1`);
  expect(rows.length).toBeGreaterThan(30);
  return rows;
}

test('R-X5 attack 79: a flow is bound to no connection of another tenant', async () => {
  const theirs = { name: 'theirs', type: 'test/shelf', config: { folder: 'theirs' } };
  const { id } = (await call('POST', '/connections', theirs, asOther())).body;
  const bundle = orderFlow('thief', { path: 'thief' });
  const take = { type: 'test/take', version: 1, connection: 'shelf', config: {} };
  const flow = {
    ...bundle.flow,
    connections: { shelf: { type: 'test/shelf' } },
    nodes: { ...bundle.flow.nodes, take },
    edges: [...bundle.flow.edges, { from: 'check', to: 'take' }],
  };
  expect((await call('POST', '/flows', { ...bundle, flow })).status).toBe(201);
  const refused = await call('POST', '/flows/thief/deploy', { connections: { shelf: id } });
  expect(refused).toMatchObject({ status: 422, body: { error: { code: 'CONNECTION_MISFIT' } } });
  expect(JSON.stringify(refused.body)).not.toContain('theirs');
});

test('R-X5 attack 80: without a tenant the application sees no row of anybody', async () => {
  await call('POST', '/flows', orderFlow('seen', { path: 'seen' }));
  await owner.query('begin; set local role millrace_app');
  try {
    for (const { name } of (await tables()).filter(({ isAsked }) => isAsked)) {
      const { rows } = await owner.query(`select count(*) as seen from millrace.${name}`);
      expect([name, rows]).toEqual([name, [{ seen: '0' }]]);
    }
  } finally {
    await owner.query('rollback');
  }
});

test('R-X5 attack 81: a connection that was used for one tenant, and broke off, shows nothing of it to the next', async () => {
  await call('POST', '/flows', orderFlow('left', { path: 'left' }));
  const database = openDatabase(instance.databaseUrl, { size: 1 });
  const { acme, other } = instance.tenants;
  const flows = (tenant: string) =>
    database.asTenants([tenant], async (tx) => {
      const { rows } = await sql<{ id: string }>`select id from millrace.flow where id = 'left'`.execute(tx);
      return rows.length;
    });
  try {
    expect(await flows(acme.id)).toBe(1);
    const broken = database.asTenants([acme.id], (tx) => sql`select 1 / 0`.execute(tx));
    await expect(broken).rejects.toThrow('division by zero');
    expect(await flows(other.id)).toBe(0);
    const thrown = database.asTenants([acme.id], () => Promise.reject(new Error('broken off')));
    await expect(thrown).rejects.toThrow('broken off');
    expect(await flows(other.id)).toBe(0);
  } finally {
    await database.close();
  }
});

test('R-X5 attack 82: row-level security binds the owner of every table too', async () => {
  expect((await tables()).filter(({ isForced }) => !isForced)).toEqual([]);
});

/** A flow of the other tenant that waits for its acknowledgement; answers the run. */
async function runOfOther(key: string): Promise<string> {
  const start = { type: 'core/manual', version: 1, config: {} };
  const ack = { type: 'core/wait-for-signal', version: 1, config: { channel: 'acks', key: '{% key %}' } };
  const edges = [{ from: 'start', to: 'ack' }];
  const flow = { format: 1, id: 'waits', name: 'Waits', nodes: { start, ack }, edges };
  expect((await call('POST', '/flows', { flow }, asOther())).status).toBe(201);
  expect((await call('POST', '/flows/waits/deploy', {}, asOther())).status).toBe(200);
  const { runId } = (await call('POST', '/flows/waits/run', { payload: { key } }, asOther())).body;
  await instance.api.engine.settle();
  return runId;
}

/** Rows of a tenant that say they belong to a run of another one: a due timer, a wait, what came for it, a step. */
async function tamper(tenant: string, run: string): Promise<void> {
  const wait = `select id from millrace.wait where run_id = '${run}'`;
  const [place, forged] = [`'${tenant}', 'production'`, `'forged', '{"from":"acme"}'`];
  await owner.query(`
    begin; set local app.tenants = '{${tenant},${instance.tenants.other.id}}';
    insert into millrace.timer (tenant_id, run_id, step, kind, due_at)
      select '${tenant}', '${run}', 'ack', kind, millrace.now() from unnest(array['expire', 'retry']) as kind;
    insert into millrace.signal
      (tenant_id, environment, channel, key, source, fingerprint, payload, state, wait_id, run_id)
      select ${place}, 'acks', 'b-1', 'forged', ${forged}, 'matched', id, '${run}' from (${wait}) as open;
    insert into millrace.wait (tenant_id, environment, run_id, step, channel, key, detail)
      values (${place}, '${run}', 'ack', 'acks', 'forged', '{}');
    insert into millrace.step (tenant_id, run_id, key, node, status, attempts, started_at)
      values ('${tenant}', '${run}', 'forged', 'ack', 'running', 1, millrace.now());
    commit`);
}

test('R-X5 attack 83: rows of a tenant that name a run of another one, and notices of it, move nothing there', async () => {
  const run = await runOfOther('b-1');
  const shown = async () => (await call('GET', `/runs/${run}`, undefined, asOther())).body;
  const before = await shown();
  expect(before).toMatchObject({ status: 'waiting' });

  await tamper(instance.tenants.acme.id, run);
  const notices = [{ kind: 'woken', run }, { kind: 'ready' }];
  for (const notice of [...notices, notices])
    await owner.query('select pg_notify($1, $2)', ['millrace', JSON.stringify(notice)]);
  await instance.api.engine.settle();
  const { updatedAt: _, ...after } = await shown();
  expect(after).toEqual(Object.fromEntries(Object.entries(before).filter(([name]) => name !== 'updatedAt')));
  expect((await call('GET', `/runs/${run}`)).status).toBe(404);

  const signal = { channel: 'acks', key: 'b-1', payload: { from: 'other' } };
  expect((await call('POST', '/signals', signal, asOther())).body).toMatchObject({ state: 'matched' });
  await instance.api.engine.settle();
  const ended = await shown();
  expect(ended).toMatchObject({ status: 'succeeded', output: { payload: { from: 'other' } } });
  expect(JSON.stringify(ended)).not.toContain('acme');
});

test('R-X5 attack 84: a flow calls no flow of another tenant', async () => {
  await call('POST', '/flows', orderFlow('theirs', { path: 'theirs' }), asOther());
  expect((await call('POST', '/flows/theirs/deploy', {}, asOther())).status).toBe(200);
  const start = { type: 'core/manual', version: 1, config: {} };
  const steal = { type: 'core/call-flow', version: 1, config: { flow: 'theirs', payload: '{% $ %}' } };
  const nodes = { start, steal };
  const flow = { format: 1, id: 'caller', name: 'Caller', nodes, edges: [{ from: 'start', to: 'steal' }] };
  expect((await call('POST', '/flows', { flow })).status).toBe(201);
  const deployed = await call('POST', '/flows/caller/deploy', {});
  expect(deployed.status, JSON.stringify(deployed.body)).toBe(200);
  const { runId } = (await call('POST', '/flows/caller/run', { payload: { id: 'A', qty: 1 } })).body;
  await instance.api.engine.settle();
  const run = (await call('GET', `/runs/${runId}`)).body;
  expect(run).toMatchObject({ status: 'failed', error: { code: 'FLOW_NOT_DEPLOYED' } });
  expect((await call('GET', '/runs?flow=theirs', undefined, asOther())).body.runs).toEqual([]);
});
