import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FlowBundle } from '@millrace/flow';
import { commandLine } from '@millrace/testing/command-line';
import { freePort } from '@millrace/testing/free-port';
import { type EventStreams, idMark, type Target } from '../load/protocol.ts';
import { type Program, runProgram, startProgram, untilAnswers } from '../processes/program.ts';
import { ackChannel, flowNames, readBenchFlow } from '../workload/flows.ts';
import { type Caller, callerOf } from './call.ts';
import type { RunningSystem } from './system.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const tenant = 'bench';

export interface MillraceOptions {
  readonly databaseUrl: string;
  /** Where the receiver listens. */
  readonly sinkPort: number;
  /** Server processes that share the database; one unless given. */
  readonly processes?: number;
  /** Flows to deploy, each with an address `bench/<name>`; `send` and `ack` unless given. */
  readonly flows?: readonly FlowBundle[];
  /** Options of Node for the server's processes, such as `--inspect`. */
  readonly nodeOptions?: readonly string[];
}

export interface RunningMillrace extends RunningSystem {
  target(flow: string): Target;
  readonly servers: readonly Program[];
  readonly api: Caller;
  /** Where the first process listens. */
  readonly origin: string;
  /** From the start of the first process until it answered. */
  readonly startSeconds: number;
}

/** `millrace serve` with the settings that everybody gets, and the flows of the bench deployed over the API. */
export async function startMillrace(options: MillraceOptions): Promise<RunningMillrace> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-home-'));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: options.databaseUrl,
    MILLRACE_HOME: home,
    MILLRACE_LOG_LEVEL: 'warn',
  };
  const key = (await runMillrace(['key', 'create', '--tenant', tenant], env)).trim();
  const ports: number[] = [];
  const servers: Program[] = [];
  let startSeconds = 0;
  for (let count = options.processes ?? 1; count > 0; count--) {
    const port = await freePort();
    const begun = performance.now();
    const server = startServer(env, port, options.nodeOptions ?? []);
    await untilAnswers(`http://127.0.0.1:${port}/api/v1/health`, server);
    if (servers.length === 0) startSeconds = (performance.now() - begun) / 1000;
    ports.push(port);
    servers.push(server);
  }
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const headers = { authorization: `Bearer ${key}` };
  const api = callerOf(`${origins[0]}/api/v1`, headers);
  const sink = `http://127.0.0.1:${options.sinkPort}/`;
  for (const bundle of options.flows ?? flowNames.map(readBenchFlow)) await deploy(api, bundle, sink);
  const ended: EventStreams = { urls: origins.map((origin) => `${origin}/api/v1/events`), headers };
  const ack = ackTo(`${origins[0]}/api/v1/signals`, headers);

  return {
    name: 'Millrace',
    servers,
    api,
    origin: origins[0] as string,
    startSeconds,
    pids: servers.map(({ pid }) => pid),
    target: (flow): Target => ({
      urls: origins.map((origin) => `${origin}/hooks/${tenant}/bench/${flow}`),
      ended,
      ...(flow === 'ack' && { ack }),
    }),
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function startServer(env: NodeJS.ProcessEnv, port: number, nodeOptions: readonly string[]): Program {
  const args = [...nodeOptions, commandLine, 'serve'];
  return startProgram({ command: process.execPath, args, cwd: root, env: { ...env, PORT: String(port) } });
}

function runMillrace(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return runProgram({ command: process.execPath, args: [commandLine, ...args], cwd: root, env });
}

async function deploy(api: Caller, bundle: FlowBundle, sink: string): Promise<void> {
  await api('POST', '/flows', bundle);
  await api('POST', `/flows/${bundle.flow.id}/deploy`, { parameters: { sink } });
}

function ackTo(url: string, headers: Readonly<Record<string, string>>): NonNullable<Target['ack']> {
  const payload = { status: 'ACKED', erp_order_id: idMark };
  return {
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: ackChannel, key: idMark, payload }),
  };
}
