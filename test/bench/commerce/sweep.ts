import { once } from 'node:events';
import { makeOrder } from '@millrace/jsonata/bench/order';
import { Pool } from 'undici';
import { type Endings, listenForEndings } from '../load/endings.ts';
import { requireSound } from '../load/figures.ts';
import { openLoop } from '../load/open-loop.ts';
import type { EventStreams, Percentiles } from '../load/protocol.ts';
import { startSink } from '../load/sink.ts';
import type { Bench } from '../measurements/cell.ts';
import { peakWhile, residentMegabytes } from '../processes/memory.ts';
import type { RunningMillrace } from '../systems/millrace.ts';
import { withMillrace } from '../systems/with-millrace.ts';
import { readBenchFlow } from '../workload/flows.ts';
import { differsEach, startErp } from './erp.ts';
import { readTemplate } from './flows.ts';
import { storeStock } from './stock.ts';

/** Other runs that are started in a second: few, so that it is the sweep that they wait for. */
const othersPerSecond = 10;
const database = 'bench_sweep';

export interface SweepFigures {
  readonly records: number;
  readonly seconds: number;
  /** Most memory of the server's processes during the sweep, above what they had right before. */
  readonly addedMegabytes: number;
  /** Runs of another flow, from their order's sending to their end, in milliseconds. */
  readonly othersBefore: Percentiles;
  readonly othersDuring: Percentiles;
}

/** The nightly sweep of a million levels against a million records, with another flow's runs beside it. */
export async function measureSweep(bench: Bench): Promise<SweepFigures> {
  const records = bench.quick ? 20_000 : 1_000_000;
  const erp = await startErp(records);
  const sink = startSink(bench.sinkPort, undefined);
  let figures: SweepFigures | undefined;
  try {
    await withMillrace(bench, database, { flows: [readBenchFlow('send')] }, async (millrace) => {
      await prepare(bench, millrace, { url: erp.url, records });
      figures = await sweepBesideOthers(bench, millrace, records);
    });
  } finally {
    for (const server of [erp.server, sink]) await once(server.close(), 'close');
  }
  return figures as SweepFigures;
}

async function prepare(
  { server }: Bench,
  { api }: RunningMillrace,
  { url, records }: { readonly url: string; readonly records: number },
): Promise<void> {
  const connection = { name: 'erp', type: 'core/http', config: { baseUrl: url, auth: 'none' } };
  const { id } = (await api('POST', '/connections', connection)) as { id: string };
  const bundle = readTemplate('commerce-sweeper');
  await api('POST', '/flows', bundle);
  await api('POST', `/flows/${bundle.flow.id}/deploy`, { connections: { erp: id } });
  const client = await server.connect(database);
  await storeStock(client, records);
  await client.query('analyze millrace.record');
  await client.end();
}

async function sweepBesideOthers(bench: Bench, millrace: RunningMillrace, records: number): Promise<SweepFigures> {
  const endings = await listenForEndings(millrace.target('send').ended as EventStreams);
  const others = startOthers(millrace, endings);
  try {
    const beside = { perSecond: othersPerSecond, send: others.carry };
    const before = await openLoop({ ...beside, warmUpSeconds: bench.seconds / 2, seconds: bench.seconds });
    const megabytes = residentMegabytes(millrace.pids);
    let isOver = false;
    const sweeping = sweep(millrace, endings, records).finally(() => {
      isOver = true;
    });
    const during = openLoop({ ...beside, warmUpSeconds: 0, seconds: { isOver: () => isOver } });
    const { peak, result: seconds } = await peakWhile(millrace.pids, sweeping);
    const { fromSent: othersBefore } = requireSound(before);
    const { fromSent: othersDuring } = requireSound(await during);
    return { records, seconds, addedMegabytes: peak - megabytes, othersBefore, othersDuring };
  } finally {
    endings.close();
    await others.stop();
  }
}

/** Answers how many seconds it took. @throws where it did not do what it had to */
async function sweep({ api }: RunningMillrace, endings: Endings, records: number): Promise<number> {
  const begun = performance.now();
  const start = { node: 'manual', payload: {} };
  const { runId } = (await api('POST', '/flows/commerce-sweeper/run', start)) as { runId: string };
  const ending = await endings.of(runId);
  const seconds = (performance.now() - begun) / 1000;
  const { records: reports } = (await api('GET', '/records/stock-sweep')) as { records: readonly { data: unknown }[] };
  const report = reports[0]?.data as { corrected?: number; error?: object } | undefined;
  if (ending !== 'succeeded' || report?.corrected !== records / differsEach)
    throw new Error(`The sweep has ${ending}, with ${JSON.stringify(report).slice(0, 500)}.`);
  return seconds;
}

function startOthers(millrace: RunningMillrace, endings: Endings) {
  const { origin, pathname: path } = new URL(millrace.target('send').urls[0] as string);
  const pool = new Pool(origin, { connections: 64, pipelining: 1 });
  const headers = { 'content-type': 'application/json' };
  let orders = 0;
  return {
    async carry(): Promise<void> {
      const body = JSON.stringify(makeOrder(10, `beside-${orders++}`));
      const answer = await pool.request({ path, method: 'POST', headers, body });
      const { runId } = (await answer.body.json()) as { runId: string };
      const ending = await endings.of(runId);
      if (ending !== 'succeeded') throw new Error(`The run ${runId} beside the sweep has ${ending}.`);
    },
    stop: () => pool.destroy(),
  };
}
