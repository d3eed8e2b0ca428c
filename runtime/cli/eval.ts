import { readFileSync } from 'node:fs';
import { type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { startEvaluator } from '../evaluator/evaluator.ts';

/** `millrace eval`: one expression in the guarded evaluator, as a flow would evaluate it. */
export function addEval(program: Command): void {
  program
    .command('eval <expression>')
    .description('evaluate a JSONata expression as a flow would; prints its value as JSON, nothing where it has none')
    .option('--input <file>', 'JSON file with the input; - reads standard input')
    .action(async (text: string, { input }: { input?: string }) => {
      const config = loadConfig(process.env, process.cwd());
      const evaluator = startEvaluator({ processes: 1, timeoutMs: config.evaluationTimeoutMs });
      const now = new Date().toISOString();
      const task = { kind: 'expression', text, input: readInput(input), bindings: {}, now, seed: now } as const;
      const [result] = await evaluator.evaluate('command line', [task]).finally(() => evaluator.close());
      if (!result?.ok)
        throw new MillraceError(result?.error.code ?? 'INTERNAL', result?.error.message ?? '', result?.error);
      if (result.value !== undefined) console.log(writeJson(result.value, 2));
    });
}

function readInput(file: string | undefined): Json {
  if (file === undefined) return null;
  try {
    return readJson(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (cause) {
    throw new MillraceError('INPUT_UNREADABLE', `${file} cannot be read as JSON.`, { cause });
  }
}
