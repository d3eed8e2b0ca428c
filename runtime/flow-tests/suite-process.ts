/**
 * A process that runs one suite: it reads what to run from its input, writes how it went, and ends; with its parent, too.
 * Started by `child-suite.ts`; its argument is the parent's process id.
 */
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { type Json, readJson, toErrorData, writeJson } from '@millrace/contract';
import type { SuiteEnd, SuiteRequest } from './child-suite.ts';
import { runFlowTests } from './run-suite.ts';

new Worker(new URL('../evaluator/orphan-watch.ts', import.meta.url), { workerData: Number(process.argv[2]) }).unref();

async function run(): Promise<SuiteEnd> {
  const { bundle, config, ...options } = readJson(await text(process.stdin)) as unknown as SuiteRequest;
  try {
    return { report: await runFlowTests(bundle, config, options) };
  } catch (thrown) {
    return { error: toErrorData(thrown) };
  }
}

process.stdout.write(writeJson((await run()) as unknown as Json));
