import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@millrace/testing/free-port';
import { startProgram, untilAnswers } from '../processes/program.ts';
import { readWorkUnit } from '../workload/unit.ts';
import { nodeRedFlow } from './node-red-flow.ts';
import type { RunningSystem } from './system.ts';

export interface NodeRedOptions {
  /** Where it is installed. */
  readonly folder: string;
  readonly sinkPort: number;
}

/**
 * Node-RED with its own nodes for the same work. It keeps everything in memory and has nothing that waits for an ack, so
 * that it has the flow `send` alone; its answer comes when that has ended.
 */
export async function startNodeRed({ folder, sinkPort }: NodeRedOptions): Promise<RunningSystem> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-node-red-'));
  const flow = join(home, 'flow.json');
  writeFileSync(flow, JSON.stringify(nodeRedFlow(readWorkUnit(), `http://127.0.0.1:${sinkPort}/`)));
  const program = 'node_modules/node-red/red.js';
  const args = [program, '--settings', 'settings.cjs', '--userDir', home, '--port', String(port), flow];
  const env = { PATH: process.env.PATH, HOME: home };
  const server = startProgram({ command: process.execPath, args, cwd: folder, env });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(`${origin}/ready`, server);
  return {
    name: 'Node-RED',
    pids: [server.pid],
    target: (name) => (name === 'send' ? { urls: [`${origin}/send`], ended: 'answer' } : undefined),
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
