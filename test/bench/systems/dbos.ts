import { freePort } from '@millrace/testing/free-port';
import { idMark, type Target } from '../load/protocol.ts';
import { startProgram, untilAnswers } from '../processes/program.ts';
import { readWorkUnit } from '../workload/unit.ts';
import type { RunningSystem } from './system.ts';

export interface DbosOptions {
  /** Where it is installed. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly sinkPort: number;
}

/**
 * DBOS Transact with the work unit as a workflow, each node a step, and `recv`/`send` for the ack. It answers when the
 * workflow has ended: cheaper for it than to tell by a stream.
 */
export async function startDbos({ folder, databaseUrl, sinkPort }: DbosOptions): Promise<RunningSystem> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SINK: `http://127.0.0.1:${sinkPort}/`,
    WORK_UNIT: JSON.stringify(readWorkUnit()),
  };
  const server = startProgram({ command: process.execPath, args: ['server.mjs'], cwd: folder, env });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(origin, server);
  return {
    name: 'DBOS Transact',
    pids: [server.pid],
    target: (flow) => targetOf(origin, flow),
    stop: () => server.stop(),
  };
}

function targetOf(origin: string, flow: string): Target | undefined {
  const target: Target = { urls: [`${origin}/${flow}`], ended: 'answer' };
  if (flow === 'send') return target;
  if (flow !== 'ack') return undefined;
  const body = JSON.stringify({ workflow: idMark, payload: { status: 'ACKED', erp_order_id: idMark } });
  return { ...target, ack: { url: `${origin}/signals`, headers: { 'content-type': 'application/json' }, body } };
}
