import { Pool } from 'undici';
import type { DatabaseServer } from '../database/server.ts';
import { cpuOf } from '../processes/cpu.ts';
import { type RunningMillrace, tenant } from '../systems/millrace.ts';
import { hookPaths } from '../workload/tenant-flows.ts';
import { untilNone } from './until-none.ts';

const inFlight = 16;

/**
 * Requests at addresses of any of the tenants, one as likely as the other, until the time is up and their runs have ended.
 * @returns microseconds of processor time a request, of server and database together
 */
export async function cpuOfRequests(
  { pid, connect }: DatabaseServer,
  { origin, pids }: RunningMillrace,
  { database, tenants, seconds }: { readonly database: string; readonly tenants: number; readonly seconds: number },
): Promise<number> {
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const client = await connect(database);
  const used = () => cpuOf([...pids, pid]);
  const before = used();
  const end = performance.now() + seconds * 1000;
  let requests = 0;
  const send = async () => {
    for (; performance.now() < end; requests++) await ask(pool, tenants);
  };
  try {
    await Promise.all(Array.from({ length: inFlight }, send));
    await untilNone(client, `select from millrace.run where status in ('running', 'waiting') limit 1`);
    return (used() - before) / requests;
  } finally {
    await pool.destroy();
    await client.end();
  }
}

async function ask(pool: Pool, tenants: number): Promise<void> {
  const number = below(tenants);
  const path = `/hooks/${number === 0 ? tenant : `${tenant}-${number}`}/${hookPaths[below(hookPaths.length)]}`;
  const headers = { 'content-type': 'application/json' };
  const { statusCode, body } = await pool.request({ method: 'POST', path, headers, body: '{}' });
  const text = await body.text();
  if (statusCode !== 202) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 300)}`);
}

function below(bound: number): number {
  return Math.floor(Math.random() * bound);
}
