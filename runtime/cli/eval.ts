import { MillraceError, writeJson } from '@millrace/contract';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { readJsonFile } from './read-json-file.ts';

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
      const task = {
        kind: 'expression',
        text,
        input: input === undefined ? null : readJsonFile(input),
        bindings: {},
        now,
        seed: now,
      } as const;
      const [result] = await evaluator.evaluate('command line', [task]).finally(() => evaluator.close());
      if (!result?.ok)
        throw new MillraceError(result?.error.code ?? 'INTERNAL', result?.error.message ?? '', result?.error);
      if (result.value !== undefined) console.log(writeJson(result.value, 2));
    });
}
