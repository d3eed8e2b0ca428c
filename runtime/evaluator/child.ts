/**
 * The evaluating process: evaluates what tenants wrote and answers, holding no secret and no connection. It ends with
 * its parent. Started by `child-process.ts`; its arguments are the parent's process id and the greatest answer in bytes.
 */
import { Worker } from 'node:worker_threads';
import { type Json, readJson, toErrorData, writeJson } from '@millrace/contract';
import { evaluate } from '@millrace/mapping';
import type { EvaluationResult, EvaluationTask, Request } from './protocol.ts';
import { Lines } from './protocol.ts';
import { checkSchema, validate } from './schema.ts';

/**
 * About half a second of work; what takes longer for another reason is killed by the parent. The bytes are of all that is
 * made, in use or not: what is too much at once, the process’s own limit tells. A regular expression may backtrack, for the
 * same reason.
 */
const limits = { fuel: 50_000_000, bytes: 2_000_000_000, mayBacktrack: true };

const [parent = 0, maxOutputBytes = 0] = process.argv.slice(2).map(Number);

async function answer(line: string): Promise<void> {
  const { tasks } = readJson(line) as unknown as Request;
  const results: string[] = [];
  let left = maxOutputBytes;
  for (const task of tasks) {
    const result = written(await perform(task), left);
    left -= Buffer.byteLength(result);
    results.push(result);
  }
  process.stdout.write(`{"results":[${results.join(',')}]}\n`);
}

async function perform(task: EvaluationTask): Promise<EvaluationResult> {
  try {
    const value = await valueFor(task);
    return value === undefined ? { ok: true } : { ok: true, value };
  } catch (thrown) {
    return { ok: false, error: toErrorData(thrown) };
  }
}

async function valueFor(task: EvaluationTask): Promise<Json | undefined> {
  switch (task.kind) {
    case 'expression':
      return evaluate(task, limits);
    case 'validate':
      return validate(task.schema, task.data) as unknown as Json;
    case 'checkSchema':
      return checkSchema(task.schema) as unknown as Json;
  }
}

function written(result: EvaluationResult, left: number): string {
  const text = writeJson(result as unknown as Json);
  if (Buffer.byteLength(text) <= left) return text;
  const message = `The result is larger than ${maxOutputBytes} bytes.`;
  return writeJson({ ok: false, error: { category: 'validation', code: 'EXPRESSION_OUTPUT_TOO_LARGE', message } });
}

let last = Promise.resolve();
const lines = new Lines((line) => {
  last = last.then(() => answer(line));
});
new Worker(new URL('./orphan-watch.ts', import.meta.url), {
  workerData: parent,
  resourceLimits: { maxOldGenerationSizeMb: 16 },
}).unref();
process.stdin
  .setEncoding('utf8')
  .on('data', (chunk: string) => lines.add(chunk))
  .on('end', () => process.exit());
process.stdout.write('{"ready":true}\n');
