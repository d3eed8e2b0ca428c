import { catalogueOf, describeCatalogue, isError, isObject, MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle, SchemaChange } from '@millrace/flow';
import { namesOf } from '@millrace/mapping';
import type { Command } from 'commander';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { checkBundle } from '../flows/check.ts';
import { readFlow, readWholeFlow } from '../flows/folder.ts';
import { checkChange } from '../flows/type-checks.ts';
import { readJsonFile } from './read-json-file.ts';

interface Options {
  readonly json?: true;
  readonly schema?: string;
  readonly rename?: string;
}

const help = `
Before a JSON Schema is changed, --schema or --rename list every expression of the flow that the change would break; nothing
is written. The schema is named by the node that checks or makes data by it, or as params:
  millrace flow validate my-flow --schema check=order-v2.json
  millrace flow validate my-flow --rename check:lines.qty=quantity
Expressions that may read the field, but read it from what nothing is known of, are listed as doubtful. The exit code is 1
when something breaks.`;

/** `millrace flow validate`: what is wrong with a flow, or would be after a change of a schema. */
export function addFlowValidate(flow: Command): void {
  flow
    .command('validate <path>')
    .description(
      'list every problem of a flow (a folder, a bundle or a flow.json); warnings and notices alone end with exit code 0',
    )
    .option('--schema <place=file>', 'list what breaks if the JSON Schema in the file took the place of the flow’s own')
    .option('--rename <place:field=name>', 'list what breaks if a field of a JSON Schema had another name')
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action(async (path: string, options: Options) => {
      const change = changeIn(options);
      process.exitCode = change ? await tellBreakage(path, change, options) : await tellProblems(path, options);
    });
}

async function tellProblems(path: string, { json }: Options): Promise<number> {
  const { bundle, problems: unreadable } = readFlow(path);
  const problems = bundle ? [...unreadable, ...(await problemsOf(bundle))] : unreadable;
  console.log(json ? JSON.stringify({ problems }, undefined, 2) : report(problems, 'No problems.'));
  return problems.some(isError) ? 1 : 0;
}

async function problemsOf(bundle: FlowBundle): Promise<readonly Problem[]> {
  const evaluator = startEvaluator({ processes: 1 });
  try {
    return await checkBundle(bundle, { types: await types(), evaluator }, 'command line');
  } finally {
    await evaluator.close();
  }
}

async function tellBreakage(path: string, change: SchemaChange, { json }: Options): Promise<number> {
  const breakage = checkChange(readWholeFlow(path).flow, change, await types());
  const { broken, doubtful } = breakage;
  if (json) console.log(JSON.stringify(breakage, undefined, 2));
  else console.log(report([...broken, ...doubtful], 'Nothing breaks.'));
  return broken.length > 0 ? 1 : 0;
}

async function types() {
  const { packs } = await import('../packs.ts');
  return describeCatalogue(catalogueOf(packs));
}

/** @throws {MillraceError} OPTION_INVALID */
function changeIn({ schema, rename }: Options): SchemaChange | undefined {
  if (schema !== undefined && rename !== undefined)
    throw new MillraceError('OPTION_INVALID', 'Name one change: --schema or --rename.');
  if (schema !== undefined) return replacement(schema);
  return rename === undefined ? undefined : renaming(rename);
}

function replacement(text: string): SchemaChange {
  const [, at, file] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (at === undefined || file === undefined)
    throw new MillraceError('OPTION_INVALID', `--schema takes place=file, such as check=order-v2.json, not “${text}”.`);
  const schema = readJsonFile(file);
  if (!isObject(schema)) throw new MillraceError('OPTION_INVALID', `${file} holds no JSON Schema.`);
  return { at, to: { schema } };
}

function renaming(text: string): SchemaChange {
  const [, at, field = '', as] = /^([^:]+):(.+)=([^=]+)$/s.exec(text) ?? [];
  const names = namesOf(field);
  if (at === undefined || as === undefined || !names || names.length === 0) {
    const message = `--rename takes place:field=name, such as check:lines.qty=quantity, not “${text}”.`;
    throw new MillraceError('OPTION_INVALID', message);
  }
  return { at, to: { rename: names, as } };
}

function report(problems: readonly Problem[], otherwise: string): string {
  if (problems.length === 0) return otherwise;
  return problems.map((problem) => `${problem.pointer || '/'}  ${weight(problem)}${sentence(problem)}`).join('\n');
}

function weight({ severity }: Problem): string {
  return severity === undefined ? '' : `${severity} `;
}

function sentence({ code, message, hint, range }: Problem): string {
  const place = range ? ` (at character ${range.from})` : '';
  return `${code}${place}: ${message}${hint ? ` ${hint}` : ''}`;
}
