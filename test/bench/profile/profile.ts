import { readFileSync } from 'node:fs';
import { freePort } from '@millrace/testing/free-port';
import { type DatabaseServer, startDatabaseServer } from '../database/server.ts';
import type { LoadFigures } from '../load/protocol.ts';
import { runLoad, type Watch } from '../load/run-load.ts';
import { withOrderLoads } from '../measurements/orders.ts';
import type { PartName } from '../options.ts';
import { cpuOf } from '../processes/cpu.ts';
import { figure, table } from '../report/table.ts';
import { type RunningMillrace, startMillrace } from '../systems/millrace.ts';
import { type FlowName, flowNames } from '../workload/flows.ts';
import { type CpuProfile, connectProfiler } from './inspector.ts';
import { byFunction, byPlace, type Shares } from './self-time.ts';
import { countStatements, readStatements, type Statement } from './statements.ts';

/** A load under which one looks. */
interface ProfilePlan {
  readonly title: string;
  readonly load: (watch: Watch) => Promise<LoadFigures>;
}

/** Everything that was seen while load was on. */
interface Seen {
  readonly plan: ProfilePlan;
  readonly flows: number;
  readonly perSecond: number;
  readonly cpu: Cpu;
  readonly profile: CpuProfile;
  readonly statements: readonly Statement[];
}

/** Microseconds of processor time. */
interface Cpu {
  readonly server: number;
  readonly evaluators: number;
  readonly database: number;
}

const database = 'profile';
const warmUpSeconds = 5;
const lines = 10;
const shown = 30;

/** Shows where the time goes, per flow: processes, parts of the server's process, functions, SQL statements. */
export async function profileParts(
  parts: readonly PartName[],
  seconds: number,
  tell: (text: string) => void,
): Promise<void> {
  const server = await startDatabaseServer(['pg_stat_statements']);
  const sinkPort = await freePort();
  const databaseUrl = await server.createDatabase(database);
  const millrace = await startMillrace({ databaseUrl, sinkPort, nodeOptions: ['--inspect=127.0.0.1:0'] });
  try {
    for (const flow of flowNames.filter((name) => parts.includes(name)))
      for (const plan of flowPlans(flow, seconds, millrace, sinkPort)) tell(textOf(await see(plan, millrace, server)));
    if (parts.includes('orders'))
      await withOrderLoads(millrace, { seconds, warmUpSeconds }, async (title, load) => {
        tell(textOf(await see({ title, load }, millrace, server)));
      });
  } finally {
    await millrace.stop();
    await server.stop();
  }
}

function flowPlans(flow: FlowName, seconds: number, millrace: RunningMillrace, sinkPort: number): ProfilePlan[] {
  const target = millrace.target(flow);
  return [1, 64].map((inFlight) => ({
    title: `${flow}, ${inFlight} in flight`,
    load: (watch) => runLoad({ target, inFlight, lines, warmUpSeconds, seconds, sinkPort }, watch),
  }));
}

async function see(plan: ProfilePlan, millrace: RunningMillrace, server: DatabaseServer): Promise<Seen> {
  const [main] = millrace.servers;
  if (!main) throw new Error('No server is running.');
  const profiler = await connectProfiler(main.lastWords());
  const begun = Promise.withResolvers<Cpu>();
  const ended = Promise.withResolvers<[Cpu, CpuProfile, Statement[]]>();
  const figures = await plan.load({
    async begun() {
      await countStatements(server.observer);
      await profiler.start();
      begun.resolve(readCpu(main.pid, server));
    },
    async ended() {
      const cpu = readCpu(main.pid, server);
      ended.resolve([cpu, await profiler.stop(), await readStatements(server.observer, database)]);
    },
  });
  profiler.close();
  const before = await begun.promise;
  const [after, profile, statements] = await ended.promise;
  return {
    plan,
    flows: figures.flows,
    perSecond: figures.perSecond,
    cpu: difference(before, after),
    profile,
    statements,
  };
}

/** The server's children are its evaluators. */
function readCpu(pid: number, server: DatabaseServer): Cpu {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  const evaluators = cpuOf(children);
  return { server: cpuOf([pid]) - evaluators, evaluators, database: cpuOf([server.pid]) };
}

function difference(before: Cpu, after: Cpu): Cpu {
  return {
    server: after.server - before.server,
    evaluators: after.evaluators - before.evaluators,
    database: after.database - before.database,
  };
}

function textOf({ plan, flows, perSecond, cpu, profile, statements }: Seen): string {
  const per = (value: number) => figure(value / flows);
  const parts = (head: string, shares: Shares) =>
    table(
      [head, 'µs a flow'],
      shares.slice(0, shown).map(([name, time]) => [name, per(time)]),
    );
  const calls = statements.reduce((sum, one) => sum + one.calls, 0);
  const rows = statements
    .slice(0, shown)
    .map(({ text, calls, totalMs }) => [text.slice(0, 100), per(calls), per(totalMs * 1000)]);
  return [
    `\n## ${plan.title}: ${figure(perSecond)} flows/s`,
    `Processor time a flow: server ${per(cpu.server)} µs, evaluators ${per(cpu.evaluators)} µs, database ${per(cpu.database)} µs.`,
    parts('Place in the server’s process', byPlace(profile)),
    parts('Function', byFunction(profile)),
    `${per(calls)} statements a flow:`,
    table(['Statement', 'calls a flow', 'µs a flow'], rows),
  ].join('\n\n');
}
