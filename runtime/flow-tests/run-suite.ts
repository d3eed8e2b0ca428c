import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError, toErrorData } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import { Value } from 'typebox/value';
import type { Config } from '../config/settings.ts';
import { roles } from '../engine/engine.ts';
import { startEngine } from '../engine/start.ts';
import { openInstance } from '../instance.ts';
import { createLog } from '../log.ts';
import { migrate } from '../postgres/migrate.ts';
import { simulateClock } from '../postgres/simulated-clock.ts';
import { FlowTest } from './format.ts';
import { type FiledReport, reportOf, type SuiteReport } from './report.ts';
import { runFlowTest, type Stage, type TestReport } from './run-test.ts';
import { createScratchDatabase, newScratchName } from './scratch-databases.ts';

export interface SuiteOptions {
  /** Only tests whose file name contains the text. */
  readonly only?: string | undefined;
  /** The report tells what each run did, step by step. */
  readonly withRuns?: boolean | undefined;
  /** Begins the names of the databases that are made for it. */
  readonly scratchName?: string | undefined;
}

/** Runs a flow's tests one after another in a database of their own, which is deleted afterwards. */
export async function runFlowTests(
  bundle: FlowBundle,
  config: Config,
  { only = '', withRuns = false, scratchName = newScratchName() }: SuiteOptions = {},
): Promise<SuiteReport> {
  const files = Object.entries(bundle.tests).filter(([file]) => file.includes(only));
  return onStage(config, scratchName, async (stage) => {
    const reports: FiledReport[] = [];
    for (const [file, content] of files) reports.push({ file, ...(await runOne(bundle, file, content, stage)) });
    return reportOf(bundle, reports, withRuns);
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

/** Whatever this process does otherwise: here it does everything, and leaves nothing elsewhere. */
const apart = { roles, payloads: 'database' } as const;

/** A whole engine over a throw-away database with a clock of its own. */
async function onStage<T>(config: Config, scratchName: string, work: (stage: Stage) => Promise<T>): Promise<T> {
  const server = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ home: config.home });
  const own = await createScratchDatabase(server.url, scratchName);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-flow-test-'));
  let mock: Parameters<Stage['setMock']>[0];
  await migrate(own.url);
  const clock = await simulateClock(own.url);
  const instance = await openInstance({
    config: { ...config, ...apart, databaseUrl: own.url, home: folder, masterKeyFile: join(folder, 'master.key') },
    log: createLog(config.logLevel === 'info' ? 'error' : config.logLevel, process.stderr),
    mock: (at) => mock?.(at),
  });
  const engine = await startEngine(instance.foundation);
  try {
    const setMock: Stage['setMock'] = (next) => {
      mock = next;
    };
    const scratch = () => createScratchDatabase(server.url, scratchName);
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
