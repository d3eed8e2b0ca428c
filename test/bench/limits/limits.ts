import type { DatabaseServer } from '../database/server.ts';
import { readBenchFlow } from '../workload/flows.ts';
import { countInserts } from './inserts.ts';
import { countJobs } from './jobs.ts';
import { countMappings } from './mappings.ts';

/** What the machine can do in a second, whatever is built on it. */
export interface Limits {
  /** Transactions that insert one row. */
  readonly inserts: number;
  /** Jobs of bare pg-boss: sent, fetched, completed. */
  readonly jobs: number;
  /** Evaluations of the order's mapping by the jsonata package, in one thread. */
  readonly mappings: number;
}

const mostSeconds = 5;

export async function measureLimits(server: DatabaseServer, seconds: number): Promise<Limits> {
  const each = Math.min(seconds, mostSeconds);
  const mapping = String(readBenchFlow('send').flow.nodes.map?.config.expression);
  return {
    inserts: await countInserts(await server.createDatabase('bench_inserts'), each),
    jobs: await countJobs(await server.createDatabase('bench_jobs'), each),
    mappings: await countMappings(mapping, each),
  };
}
