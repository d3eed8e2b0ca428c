import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError, type ScratchDatabase, toErrorData } from '@millrace/contract';
import type { FlowBundle, FlowDocument } from '@millrace/flow';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import pg from 'pg';
import { Value } from 'typebox/value';
import type { Config } from '../config/settings.ts';
import { startEngine } from '../engine/start.ts';
import { createLog } from '../log.ts';
import { openInstance } from '../main.ts';
import { migrate } from '../postgres/migrate.ts';
import { simulateClock } from '../postgres/simulated-clock.ts';
import { FlowTest } from './format.ts';
import type { ObservedRun } from './observe.ts';
import { runFlowTest, type Stage, type TestReport } from './run-test.ts';

export interface SuiteReport {
  readonly tests: readonly (Omit<TestReport, 'runs'> & { readonly file: string })[];
  /** `from:port → to` of every edge that no test takes. */
  readonly untaken: readonly string[];
  readonly passed: number;
  readonly failed: number;
}

/** Runs a flow's tests one after another in a database of their own, which is deleted afterwards. */
export async function runFlowTests(bundle: FlowBundle, config: Config, only = ''): Promise<SuiteReport> {
  const files = Object.entries(bundle.tests).filter(([file]) => file.includes(only));
  return onStage(config, async (stage) => {
    const reports: (TestReport & { file: string })[] = [];
    for (const [file, content] of files) reports.push({ file, ...(await runOne(bundle, file, content, stage)) });
    const failed = reports.filter((report) => report.mismatches.length > 0).length;
    return {
      tests: reports.map(({ runs, ...report }) => report),
      untaken: untakenEdges(
        bundle.flow,
        reports.flatMap((report) => report.runs),
      ),
      passed: reports.length - failed,
      failed,
    };
  });
}

async function runOne(bundle: FlowBundle, file: string, content: unknown, stage: Stage): Promise<TestReport> {
  const [wrong] = Value.Errors(FlowTest, content);
  if (wrong) return { name: file, mismatches: [`tests/${file}.json${wrong.instancePath} ${wrong.message}`], runs: [] };
  const test = content as FlowTest;
  try {
    return await runFlowTest(bundle, test, stage);
  } catch (error) {
    const { code, message } = error instanceof MillraceError ? error : toErrorData(error);
    stage.foundation.log.error({ err: error }, 'a flow test broke off');
    return { name: test.name, mismatches: [`${code}: ${message}`], runs: [] };
  }
}

/** A whole engine over a throw-away database with a clock of its own. */
async function onStage<T>(config: Config, work: (stage: Stage) => Promise<T>): Promise<T> {
  const server = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ home: config.home });
  const own = await createScratchDatabase(server.url);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-flow-test-'));
  let mock: Parameters<Stage['setMock']>[0];
  await migrate(own.url);
  const clock = await simulateClock(own.url);
  const instance = await openInstance({
    config: { ...config, databaseUrl: own.url, home: folder, masterKeyFile: join(folder, 'master.key') },
    log: createLog(config.logLevel === 'info' ? 'error' : config.logLevel, process.stderr),
    mock: (node, attempt) => mock?.(node, attempt),
  });
  const engine = await startEngine(instance.foundation);
  try {
    const setMock: Stage['setMock'] = (next) => {
      mock = next;
    };
    const scratch = () => createScratchDatabase(server.url);
    return await work({ foundation: instance.foundation, engine, clock, folder, scratch, setMock });
  } finally {
    await engine.stop();
    await clock.close();
    await instance.close();
    await own.drop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createScratchDatabase(url: string): Promise<ScratchDatabase> {
  const name = `millrace_test_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const scratch = new URL(url);
  scratch.pathname = `/${name}`;
  return { url: scratch.href, drop: () => run(`drop database ${name} with (force)`) };
}

/** An edge is taken when its start has left by its port and its end was run after it. */
function untakenEdges(flow: FlowDocument, runs: readonly ObservedRun[]): string[] {
  const left = new Set(runs.flatMap(({ steps }) => steps.map((step) => `${step.node}:${leftBy(step)}`)));
  const entered = new Set(runs.flatMap(({ steps }) => steps.map((step) => step.node)));
  return flow.edges
    .filter(({ from, port, to }) => {
      const isTrigger = !runs.some(({ steps }) => steps.some((step) => step.node === from));
      return (
        !entered.has(to) ||
        !(isTrigger || (port === undefined ? leavesPlainly(left, from) : left.has(`${from}:${port}`)))
      );
    })
    .map(({ from, port, to }) => `${from}${port ? `:${port}` : ''} → ${to}`);
}

function leftBy(step: ObservedRun['steps'][number]): string {
  return step.status === 'failed' ? 'error' : (step.port ?? '');
}

/** By whatever port is the node's ordinary one: any but the error port. */
function leavesPlainly(left: ReadonlySet<string>, from: string): boolean {
  return [...left].some((one) => one.startsWith(`${from}:`) && one !== `${from}:error`);
}
