import { type JsonObject, MillraceError, writeJson } from '@millrace/contract';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { readWholeFlow } from '../flows/folder.ts';
import { collect, pairs } from './name-value.ts';
import { readJsonFile } from './read-json-file.ts';

interface Options {
  readonly trigger?: string;
  readonly connection: readonly string[];
  readonly param: readonly string[];
  readonly node?: string;
  readonly tenant: string;
  readonly json?: true;
}

/** `millrace flow run`: one run for real, from files, to its end. */
export function addFlowRun(flow: Command): void {
  flow
    .command('run <path>')
    .description('run a flow once for real and wait for its end; exit code 0 only when it succeeded')
    .option('--trigger <file>', 'JSON file with the payload; - reads standard input')
    .option('--connection <slot=value>', 'bind a slot, for example dropzone=/some/folder', collect, [])
    .option('--param <name=value>', 'set a parameter', collect, [])
    .option('--node <id>', 'the trigger to start at, where there are several')
    .option('--tenant <slug>', 'tenant to run for', 'demo')
    .option('--json', 'only the result as JSON on standard output; what happens goes to standard error')
    .action(async (path: string, options: Options) => {
      const { runFlow } = await import('../flows/run-flow.ts');
      const result = await runFlow({
        bundle: readWholeFlow(path),
        config: loadConfig(process.env, process.cwd()),
        payload: options.trigger === undefined ? null : readJsonFile(options.trigger),
        connections: pairs(options.connection, '--connection'),
        parameters: pairs(options.param, '--param'),
        tenant: options.tenant,
        stop: interruption(),
        tell: options.json ? (line) => console.error(line) : (line) => console.log(line),
        ...(options.node !== undefined && { node: options.node }),
      });
      console.log(options.json ? writeJson(result as unknown as JsonObject) : `${result.outcome}: run ${result.runId}`);
      process.exitCode = result.outcome === 'succeeded' ? 0 : 1;
    });
}

/** Ctrl-C leaves the run where it is: it is durable. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  const reason = new MillraceError('INTERRUPTED', 'Stopped watching; the run goes on when Millrace runs again.', {
    category: 'cancelled',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(reason));
  return interrupted.signal;
}
