import type { FieldMap } from '@millrace/mapping';
import { type Command, Option } from 'commander';
import { everything } from '../auth/demands.ts';
import { readNamed } from '../flows/versions.ts';
import { linesOf } from '../mappings/layers.ts';
import { addressOf, layOver, layOverAgain, readMapping } from '../mappings/own-lines.ts';
import { listOverrides, loadOverride } from '../postgres/mappings/overrides.ts';
import { atTenant } from './at-tenant.ts';
import { printRow } from './print-row.ts';
import { readJsonFile } from './read-json-file.ts';

interface Placed {
  /** Slug. */
  readonly tenant: string;
  readonly environment: string;
}
interface Explained {
  readonly note?: string;
}

const by = 'the command line';
const shown = 50;

/** `millrace mapping …`: a tenant's own lines over the mappings in layers of its flows. */
export function addMapping(program: Command): void {
  const mapping = program.command('mapping').description("mappings in layers, and a tenant's own lines over them");
  const add = (usage: string, description: string) =>
    mapping.command(usage).description(description).option('--tenant <slug>', 'whose flow', 'demo');
  const addPlaced = (usage: string, description: string) =>
    add(usage, description).addOption(
      new Option('--environment <name>', 'where').choices(['sandbox', 'production']).default('production'),
    );

  addPlaced('list <flow>', 'the mappings of what serves, with their versions').action(list);
  addPlaced('show <flow> <mapping>', 'the lines in force, as JSON')
    .option('--release <version>', "of the other system's data; the tenant's own lines alone where none is named")
    .action(show);
  add(
    'set <flow> <mapping> <file>',
    'lay the lines of a JSON file over the mapping, in the sandbox; - reads standard input',
  )
    .option('--note <text>', 'why, for people')
    .action(set);
  addPlaced('history <flow> <mapping>', `the last ${shown} changes, newest first`).action(history);
  addPlaced('rollback <flow> <mapping> <id>', 'lay over again what lay there before')
    .option('--note <text>', 'why, for people')
    .action(takeBack);
}

async function list(flowId: string, { tenant, environment }: Placed): Promise<void> {
  const { mappings = [] } = await atTenant(tenant, (access) =>
    readNamed(access.foundation, access.tenant, flowId, environment),
  );
  for (const { name, title, versions } of mappings)
    printRow(name, title, versions.map(({ version, status }) => `${version} ${status}`).join(', '));
}

async function show(flowId: string, mapping: string, options: Placed & { release?: string }): Promise<void> {
  const { tenant: slug, environment, release } = options;
  const lines = await atTenant(slug, async ({ foundation, tenant, work }) => {
    const place = { tenant, environment, flowId, mapping };
    const layers = await readMapping(foundation, place);
    const own = (await work((tx) => loadOverride(tx, addressOf(place))))?.fields ?? [];
    return release === undefined ? own : linesOf(layers, release, own);
  });
  console.log(JSON.stringify(lines, undefined, 2));
}

async function set(
  flowId: string,
  mapping: string,
  file: string,
  { tenant: slug, note }: Pick<Placed, 'tenant'> & Explained,
): Promise<void> {
  const fields = readJsonFile(file) as unknown as FieldMap;
  const { id } = await atTenant(slug, async ({ foundation, tenant, work }) => {
    const place = { tenant, environment: 'sandbox', flowId, mapping };
    const basedOn = (await work((tx) => loadOverride(tx, addressOf(place))))?.id ?? null;
    return layOver(foundation, place, { fields, basedOn }, { by, note, demand: everything });
  });
  printRow(id, 'sandbox');
}

async function history(flowId: string, mapping: string, { tenant: slug, environment }: Placed): Promise<void> {
  const all = await atTenant(slug, async ({ foundation, tenant, work }) => {
    const place = { tenant, environment, flowId, mapping };
    await readMapping(foundation, place);
    return work((tx) => listOverrides(tx, addressOf(place), shown));
  });
  for (const { id, at, action, by: who, note } of all) printRow(id, at, action, who, note ?? '');
}

async function takeBack(
  flowId: string,
  mapping: string,
  to: string,
  { tenant: slug, environment, note }: Placed & Explained,
): Promise<void> {
  const { id } = await atTenant(slug, ({ foundation, tenant }) =>
    layOverAgain(foundation, { tenant, environment, flowId, mapping }, to, { by, note }),
  );
  printRow(id, environment);
}
