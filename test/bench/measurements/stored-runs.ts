import { copyRun } from '../database/copy-runs.ts';
import { runLoad } from '../load/run-load.ts';
import { startMillrace } from '../systems/millrace.ts';
import { type Bench, measureCell } from './cell.ts';

const sizes = [1000, 1_000_000];
const quickSizes = [1000, 10_000];
const inFlight = 64;

type Place = Pick<Bench, 'server' | 'sinkPort' | 'quick'>;

/** A database that holds finished runs. */
export interface StoredRuns {
  readonly runs: number;
  readonly databaseUrl: string;
  /** What it took to store them, in seconds. */
  readonly seconds: number;
  readonly bytes: number;
}

/** Fills one database for each size; they stay until the server is stopped. */
export async function storeRuns(place: Place): Promise<StoredRuns[]> {
  const all: StoredRuns[] = [];
  for (const runs of place.quick ? quickSizes : sizes) all.push(await storeIn(place, `bench_runs_${runs}`, runs));
  return all;
}

async function storeIn(place: Place, database: string, runs: number): Promise<StoredRuns> {
  const databaseUrl = await place.server.createDatabase(database);
  await runSome(place, databaseUrl);
  const client = await place.server.connect(database);
  try {
    const begun = performance.now();
    const { rows } = await client.query(
      `select id from millrace.run where status = 'succeeded' order by id desc limit 1`,
    );
    await copyRun(client, rows[0].id, runs);
    const seconds = (performance.now() - begun) / 1000;
    const size = await client.query('select pg_database_size(current_database())::float8 as bytes');
    return { runs, databaseUrl, seconds, bytes: size.rows[0].bytes };
  } finally {
    await client.end();
  }
}

/** Real runs, of which one is copied. */
async function runSome({ sinkPort }: Place, databaseUrl: string): Promise<void> {
  const millrace = await startMillrace({ databaseUrl, sinkPort });
  try {
    await runLoad({
      target: millrace.target('ack'),
      inFlight: 1,
      lines: 10,
      warmUpSeconds: 0,
      seconds: 1,
      sinkPort,
    });
  } finally {
    await millrace.stop();
  }
}

/** What stored runs cost: the same load over each database, one after the other. */
export async function measureStoredRuns(bench: Bench, stored: readonly StoredRuns[]): Promise<void> {
  for (const { runs, databaseUrl } of stored) {
    const millrace = await startMillrace({ databaseUrl, sinkPort: bench.sinkPort, flows: [] });
    try {
      await measureCell(bench, millrace, { series: 'runs', size: runs, inFlight, flow: 'ack', fresh: true });
    } finally {
      await millrace.stop();
    }
  }
}
