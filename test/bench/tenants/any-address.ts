import { Pool } from 'undici';
import type { DatabaseServer } from '../database/server.ts';
import { cpuOf } from '../processes/cpu.ts';
import { type RunningMillrace, tenant } from '../systems/millrace.ts';
import { hookPaths } from '../workload/tenant-flows.ts';
import type { TenantsFigures } from './figures.ts';
import { untilNone } from './until-none.ts';

const inFlight = 16;

export interface AddressLoad {
  readonly database: string;
  readonly tenants: number;
  /** Between the first requests and those that count: the server's code is still being compiled. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/**
 * Requests at the addresses of all of the tenants: the first at each, then, until the time is up, at one as likely as at
 * the other. What is measured ends with the last of their runs.
 */
export async function requestAddresses(
  { pid, connect }: DatabaseServer,
  { origin, pids }: RunningMillrace,
  { database, tenants, warmUpSeconds, seconds }: AddressLoad,
): Promise<Pick<TenantsFigures, 'firstRequestCpu' | 'requestCpu'>> {
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const client = await connect(database);
  const addresses = Array.from({ length: tenants }, (_, number) => hookPaths.map((path) => addressOf(number, path)));

  async function cpuOfEach(paths: Iterable<string>): Promise<number> {
    const used = () => cpuOf([...pids, pid]);
    const before = used();
    let requests = 0;
    const waiting = paths[Symbol.iterator]();
    const send = async () => {
      for (let next = waiting.next(); !next.done; next = waiting.next(), requests++) await ask(pool, next.value);
    };
    await Promise.all(Array.from({ length: inFlight }, send));
    await untilNone(client, `select from millrace.run where status in ('running', 'waiting') limit 1`);
    return (used() - before) / requests;
  }

  try {
    const firstRequestCpu = await cpuOfEach(addresses.flat());
    const cpuOfAny = (forSeconds: number) => cpuOfEach(anyOf(addresses.flat(), performance.now() + forSeconds * 1000));
    await cpuOfAny(warmUpSeconds);
    return { firstRequestCpu, requestCpu: await cpuOfAny(seconds) };
  } finally {
    await pool.destroy();
    await client.end();
  }
}

function addressOf(number: number, path: string): string {
  return `/hooks/${number === 0 ? tenant : `${tenant}-${number}`}/${path}`;
}

function* anyOf(paths: readonly string[], end: number): Generator<string> {
  while (performance.now() < end) yield paths[Math.floor(Math.random() * paths.length)] as string;
}

async function ask(pool: Pool, path: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { statusCode, body } = await pool.request({ method: 'POST', path, headers, body: '{}' });
  const text = await body.text();
  if (statusCode !== 202) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 300)}`);
}
