import { MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import { type ErasureReport, erasePerson, planErasure } from '../erasure/erase-person.ts';
import type { PersonKey } from '../erasure/person-key.ts';
import { atTenant } from './at-tenant.ts';
import { printRow } from './print-row.ts';
import { readNamedFile } from './read-json-file.ts';

interface Options {
  readonly tenant: string;
  readonly field?: string;
  readonly value?: string;
  readonly record?: string;
  readonly plan?: true;
}

const help = `
  millrace erase --field customer.email --value - --plan     # the value from standard input, so that no list of processes has it
  millrace erase --record customers/4711`;

/** `millrace erase`: the end of what a tenant keeps of one person. */
export function addErase(program: Command): void {
  program
    .command('erase')
    .description('erase what a tenant keeps of one person, for good, and tell what and where')
    .option('--tenant <slug>', 'whose data', 'demo')
    .option('--field <names>', 'a field by which the person is known, such as customer.email, at any depth')
    .option('--value <text>', 'what it holds; - reads standard input')
    .option('--record <type/id>', 'a record that is the person')
    .option('--plan', 'only tell what there is')
    .addHelpText('after', help)
    .action(erase);
}

async function erase({ tenant: slug, plan, ...options }: Options): Promise<void> {
  const key = keyFrom(options);
  const work = plan ? planErasure : erasePerson;
  print(await atTenant(slug, ({ foundation, id }) => work(foundation, id, key)));
}

function keyFrom({ field, value, record }: Pick<Options, 'field' | 'value' | 'record'>): PersonKey {
  const [, type, id] = /^([^/]+)\/(.+)$/s.exec(record ?? '') ?? [];
  if (type !== undefined && id !== undefined && field === undefined && value === undefined)
    return { record: { type, id } };
  if (record === undefined && field !== undefined && value !== undefined)
    return { field, value: value === '-' ? readNamedFile('-').replace(/\r?\n$/, '') : value };
  throw new MillraceError('OPTION_INVALID', 'Say --field and --value, or --record type/id.');
}

function print({ runs, records, kept, closed, ...counts }: ErasureReport): void {
  for (const { environment, flow, count } of runs) printRow('runs', environment, flow, count);
  for (const { environment, type, count } of records) printRow('records', environment, type, count);
  for (const [what, count] of Object.entries(counts)) printRow(what, count);
  for (const { what, why } of kept) printRow('kept', what, why);
  if (closed > 0) printRow('not looked into', `${closed} payloads that are no text`);
}
