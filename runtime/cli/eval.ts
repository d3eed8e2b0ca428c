import { pipeline } from 'node:stream/promises';
import { isObject, MillraceError, writeJson } from '@millrace/contract';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { type Evaluator, startEvaluator } from '../evaluator/evaluator.ts';
import type { EvaluationResult, EvaluationTask } from '../evaluator/protocol.ts';
import { answerLines } from './eval-lines.ts';
import { readJsonFile } from './read-json-file.ts';

interface Options {
  readonly input?: string;
  readonly jsonl?: true;
}

const help = `
With --jsonl every line of standard input is an object {"expr", "input", "bindings"}: the expression, what $ is, and
further values by their names without the $; the latter two may be left out. Every line is answered by one line, in order:
  {"result": …}                        the value
  {}                                   the expression has none
  {"error": {"code", "message"}}       it failed; code is JSONata's own (T2001) where it is JSONata that refuses
A line that is not JSON, or has other fields, gets an error line too. The exit code is 0 when every line was answered.`;

/** `millrace eval`: expressions in the guarded evaluator, as a flow would evaluate them. */
export function addEval(program: Command): void {
  program
    .command('eval [expression]')
    .description('evaluate a JSONata expression as a flow would; prints its value as JSON, nothing where it has none')
    .option('--input <file>', 'JSON file with the input; - reads standard input')
    .option('--jsonl', 'evaluate an expression a line of standard input, instead of the one given here')
    .addHelpText('after', help)
    .action(async (text: string | undefined, { input, jsonl }: Options, command: Command) => {
      const evaluator = () => startEvaluator({ processes: 1, timeoutMs: evaluationTimeout() });
      if (jsonl && text === undefined && input === undefined) return closing(evaluator(), answerStandardInput);
      if (jsonl || text === undefined)
        return command.error('error: give either an expression, with or without --input, or --jsonl alone');
      const task = taskOf(text, input);
      const [result] = await closing(evaluator(), (open) => open.evaluate(tenant, [task]));
      print(result);
    });
}

const tenant = 'command line';

function evaluationTimeout(): number {
  return loadConfig(process.env, process.cwd()).evaluationTimeoutMs;
}

async function closing<T>(evaluator: Evaluator, use: (evaluator: Evaluator) => Promise<T>): Promise<T> {
  return use(evaluator).finally(() => evaluator.close());
}

/** Ends quietly where nobody reads the answers any more, as behind `| head`. */
async function answerStandardInput(evaluator: Evaluator): Promise<void> {
  const evaluate = (tasks: readonly EvaluationTask[]) => evaluator.evaluate(tenant, tasks);
  const answers = (chunks: AsyncIterable<string>) => answerLines(chunks, evaluate, new Date().toISOString());
  try {
    await pipeline(process.stdin.setEncoding('utf8'), answers, process.stdout, { end: false });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EPIPE') throw thrown;
  }
}

function taskOf(text: string, input: string | undefined): EvaluationTask {
  const now = new Date().toISOString();
  const given = input === undefined ? {} : { input: readJsonFile(input) };
  return { kind: 'expression', text, ...given, bindings: {}, now, seed: now };
}

/** @throws {MillraceError} as the evaluation failed, with the place in the expression */
function print(result: EvaluationResult | undefined): void {
  if (!result?.ok) {
    const { code, message, details, ...error } = result?.error ?? { code: 'INTERNAL', message: '' };
    const position = isObject(details) ? details.position : undefined;
    throw new MillraceError(code, position === undefined ? message : `${message} (at character ${position})`, error);
  }
  if (result.value !== undefined) console.log(writeJson(result.value, 2));
}
