import { type Json, type JsonObject, MillraceError, type Problem, readJson } from '@millrace/contract';
import { type Command, Option } from 'commander';
import { acceptRuns } from '../postgres/runs/accept-runs.ts';
import type { CloneRequest } from '../templates/clone-plan.ts';
import { countClonesOf } from '../templates/count-clones.ts';
import { findTemplates, readOffered, readTemplate } from '../templates/find-template.ts';
import type { Decision } from '../templates/merge-upgrade.ts';
import type { Audience } from '../templates/template.ts';
import type { UpgradePlan } from '../templates/upgrade-plan.ts';
import { atTenantData } from './at-database.ts';
import { atTenant, type TenantAccess } from './at-tenant.ts';
import { connectionsNamed } from './connections-named.ts';
import { collect, pairs } from './name-value.ts';
import { printRow } from './print-row.ts';
import { readJsonFile, readNamedFile } from './read-json-file.ts';
import { toldConflict } from './told-conflict.ts';

interface Tenancy {
  /** Slug. */
  readonly tenant: string;
}
interface Publishing extends Tenancy {
  readonly release?: string;
  readonly as?: string;
  readonly changelog: string;
  readonly description?: string;
  readonly audience?: string;
}
interface Cloning extends Tenancy {
  readonly at?: string;
  readonly name?: string;
  readonly parameters?: string;
  readonly sandbox: readonly string[];
  readonly production: readonly string[];
  readonly deploy?: true;
  readonly trial?: string;
  readonly plan?: true;
}
interface Upgrading extends Tenancy {
  readonly to?: string;
  readonly take: readonly string[];
  readonly value: readonly string[];
  readonly plan?: true;
}

const by = 'the command line';

/** `millrace template …`: flows to begin with, offered by tenants to others, and clones that follow them. */
export function addTemplate(program: Command): void {
  const template = program.command('template').description('flows to begin with: offer them, clone them, follow them');
  const add = (usage: string, description: string) =>
    template.command(usage).description(description).option('--tenant <slug>', 'who asks', 'demo');
  const audience = new Option('--audience <who>', 'own, everybody, or short names of tenants with commas between');

  add('list [words...]', 'templates that are offered to the tenant, and its own').action(list);
  add('show <template>', 'versions of a template, and what one gets')
    .option('--at <version>', 'the newest where none is named')
    .action(show);
  add('publish <flow>', 'offer a published version of a flow')
    .requiredOption('--changelog <text>', 'what is new')
    .option('--release <version>', 'number or hash of a version of the flow; the newest where none is named')
    .option('--as <version>', 'number of the version of the template; the next whole one where none is named')
    .option('--description <file>', 'Markdown; - reads standard input')
    .addOption(audience)
    .action(publish);
  add('withdraw <template>', 'offer a template no more; clones stay').action(withdraw);
  add('offer <template>', 'offer a template again, or to others').addOption(audience).action(offer);
  add('count <template>', 'how many clones there are at each version, in all tenants').action(count);
  add('clone <template> <flow>', 'make a flow of a template')
    .option('--at <version>', 'the newest where none is named')
    .option('--name <name>', 'that of the template where none is given')
    .option(
      '--parameters <file>',
      'JSON file with parameters that are to be other than proposed; - reads standard input',
    )
    .option('--sandbox <slot=name>', 'bind a slot to a connection of the sandbox', collect, [])
    .option('--production <slot=name>', 'the same for the first deployment in production', collect, [])
    .option('--deploy', 'to the sandbox, at once')
    .option('--trial <sample>', 'deploy to the sandbox and start a run with a sample of the template')
    .option('--plan', 'only tell what is missing or wrong; the exit code is 1 where something is')
    .action(clone);
  add('upgrade <flow>', 'bring a clone to another version of its template')
    .option('--to <version>', 'the newest where none is named')
    .option('--take <pointer=side>', 'decide a conflict: mine or theirs', collect, [])
    .option('--value <pointer=json>', 'decide a conflict by a value of its own', collect, [])
    .option('--plan', 'only tell what would change')
    .addHelpText('after', upgradeHelp)
    .action(upgrade);
  add('upgrade-all <template>', 'upgrade all clones of a template that merge without conflicts')
    .option('--to <version>', 'the newest where none is named')
    .action(upgradeEach);
}

const upgradeHelp = `
Changes are told in sentences. What both sides have changed differently is a conflict: it is listed with what it was and what
the two made of it, and the exit code is 1 until every one is decided, at once or one after the other. Until then the draft
stays as it is.`;

async function list(words: readonly string[], { tenant }: Tenancy): Promise<void> {
  const { shipped } = await import('../shipped.ts');
  const found = await atTenantData(tenant, ({ database, tenant: asking }) =>
    findTemplates({ database, shipped }, asking, words.join(' ')),
  );
  for (const { id, version, name, withdrawn } of found) printRow(id, version, name, withdrawn ? 'withdrawn' : '');
}

async function show(id: string, { tenant, at }: Tenancy & { at?: string }): Promise<void> {
  const { template, offered } = await atTenant(tenant, async (access) => ({
    template: await readTemplate(servicesOf(access), access.tenant, id),
    offered: await readOffered(servicesOf(access), access.tenant, id, at),
  }));
  const { flow, records, tables = [], mappings = [], tests, samples } = offered.bundle;
  printRow(template.id, offered.version, template.name);
  if (template.description) console.log(`\n${template.description.trim()}\n`);
  for (const { version, changelog, publishedAt } of template.versions)
    printRow('version', version, publishedAt ?? '', changelog);
  for (const [name, schema] of Object.entries(propertiesOf(flow.parameters))) printRow('parameter', name, told(schema));
  for (const [slot, { type }] of Object.entries(flow.connections ?? {})) printRow('connection', slot, type);
  for (const { id: type, title } of records) printRow('record type', type, title);
  for (const { name, title } of tables) printRow('code table', name, title);
  for (const { name, title } of mappings) printRow('mapping', name, title);
  for (const sample of Object.keys(samples)) printRow('sample', sample);
  for (const test of Object.keys(tests)) printRow('test', test);
}

async function publish(flowId: string, { tenant, as, audience, description, ...asked }: Publishing): Promise<void> {
  const { publishTemplate } = await import('../templates/publish-template.ts');
  const { id, version } = await atTenant(tenant, (access) =>
    publishTemplate(access.foundation, access.tenant, {
      flowId,
      ...asked,
      version: as,
      description: description === undefined ? undefined : readNamedFile(description),
      audience: audienceOf(audience),
    }),
  );
  printRow(id, version);
}

async function withdraw(id: string, { tenant }: Tenancy): Promise<void> {
  await change(tenant, id, { withdrawn: true });
}

async function offer(id: string, { tenant, audience }: Tenancy & { audience?: string }): Promise<void> {
  await change(tenant, id, { withdrawn: false, audience: audienceOf(audience) });
}

async function change(tenant: string, id: string, to: { withdrawn: boolean; audience?: Audience | undefined }) {
  const { changeTemplate } = await import('../templates/publish-template.ts');
  await atTenant(tenant, (access) => changeTemplate(access.foundation, access.tenant, id, to));
}

async function count(id: string, { tenant }: Tenancy): Promise<void> {
  const { shipped } = await import('../shipped.ts');
  const counts = await atTenantData(tenant, ({ database, tenant: asking }) =>
    countClonesOf({ database, shipped }, asking, id),
  );
  for (const { version, clones } of counts) printRow(version, clones);
}

async function clone(template: string, flowId: string, options: Cloning): Promise<void> {
  const [{ planClone }, { cloneTemplate }] = await Promise.all([
    import('../templates/clone-plan.ts'),
    import('../templates/clone-template.ts'),
  ]);
  const parameters = options.parameters === undefined ? {} : (readJsonFile(options.parameters) as JsonObject);
  await atTenant(options.tenant, async (access) => {
    const { at: version, name, deploy, trial } = options;
    const request: CloneRequest = {
      template,
      version,
      flowId,
      name,
      parameters,
      deploy,
      connections: {
        sandbox: await connectionsNamed(access, 'sandbox', pairs(options.sandbox, '--sandbox')),
        production: await connectionsNamed(access, 'production', pairs(options.production, '--production')),
      },
      ...(trial !== undefined && { trial: { sample: trial } }),
    };
    const services = servicesOf(access);
    if (options.plan) return tellPlan((await planClone(services, access.tenant, request)).problems);
    const cloned = await cloneTemplate(services, access.tenant, request, by).catch(tellAll);
    for (const { message } of cloned.warnings) console.error(message);
    printRow(cloned.flow, cloned.version, ...(cloned.run === undefined ? [] : [cloned.run]));
  });
}

function tellPlan(problems: readonly Problem[]): void {
  for (const problem of problems) printRow(problem.severity ?? 'error', problem.pointer, problem.message);
  if (problems.some(({ severity }) => severity === undefined)) process.exitCode = 1;
}

/** Every problem, not just the first, before the command fails. */
function tellAll(error: unknown): never {
  if (error instanceof MillraceError)
    for (const { pointer, message } of error.options.problems ?? []) console.error(`${message} (${pointer})`);
  throw error;
}

async function upgrade(flowId: string, { tenant, to, take, value, plan: isPlan }: Upgrading): Promise<void> {
  const [{ planUpgrade }, { upgradeClone }] = await Promise.all([
    import('../templates/upgrade-plan.ts'),
    import('../templates/upgrade-clone.ts'),
  ]);
  await atTenant(tenant, async (access) => {
    const services = servicesOf(access);
    const plan = await planUpgrade(services, access.tenant, flowId, to);
    if (plan.isCurrent) return console.log(`${flowId} is at version ${plan.to} already.`);
    if (isPlan) return tellUpgrade(plan);
    const decisions = decisionsFrom(plan, pairs(take, '--take'), pairs(value, '--value'));
    const { revision } = plan;
    const after = await upgradeClone(services, access.tenant, { flowId, to, revision, decisions });
    await tellUpgrade(after);
    if (after.done) printRow(flowId, after.to, `revision ${after.revision}`);
  });
}

async function tellUpgrade({ changes, conflicts, problems }: UpgradePlan): Promise<void> {
  const { sentenceOf } = await import('@millrace/flow');
  for (const change of changes) printRow(change.pointer || '/', sentenceOf(change));
  for (const { message, pointer } of problems) console.error(`${message} (${pointer})`);
  const open = conflicts.filter(({ decision }) => !decision);
  for (const conflict of open) console.log(toldConflict(conflict));
  if (open.length > 0) process.exitCode = 1;
}

/** @throws {MillraceError} `OPTION_INVALID` */
function decisionsFrom(
  { conflicts }: UpgradePlan,
  taken: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Decision[] {
  const placeOf = (pointer: string) => ({
    kind: conflicts.find((each) => each.pointer === pointer)?.kind ?? ('value' as const),
    pointer,
  });
  return [
    ...Object.entries(taken).map(([pointer, side]) => ({ ...placeOf(pointer), take: sideOf(side) })),
    ...Object.entries(values).map(([pointer, text]) => ({
      ...placeOf(pointer),
      take: 'value' as const,
      value: jsonFrom(text),
    })),
  ];
}

function sideOf(text: string): 'mine' | 'theirs' {
  if (text === 'mine' || text === 'theirs') return text;
  throw new MillraceError('OPTION_INVALID', `--take is mine or theirs, not “${text}”.`);
}

function jsonFrom(text: string): Json {
  try {
    return readJson(text);
  } catch (cause) {
    throw new MillraceError('OPTION_INVALID', `--value takes JSON, not “${text}”.`, { cause });
  }
}

async function upgradeEach(template: string, { tenant, to }: Tenancy & { to?: string }): Promise<void> {
  const { upgradeAll } = await import('../templates/upgrade-all.ts');
  const { upgraded, current, left } = await atTenant(tenant, (access) =>
    upgradeAll(servicesOf(access), access.tenant, template, to),
  );
  for (const { flow, from, revision } of upgraded) printRow(flow, 'upgraded', from, `revision ${revision}`);
  for (const flow of current) printRow(flow, 'current');
  for (const { flow, from, message } of left) printRow(flow, 'left', from, message);
  if (left.length > 0) process.exitCode = 1;
}

/** Runs are carried on by the servers over the same database. */
function servicesOf({ foundation, instance, shipped }: TenantAccess) {
  const lease = { holder: foundation.self.id, ms: 0 };
  const accept = (run: Parameters<typeof acceptRuns>[1][number]['run']) =>
    instance.database.asTenants([run.tenant], async (tx) => {
      const [accepted] = await acceptRuns(tx, [{ run, leased: false }], lease);
      return accepted as NonNullable<typeof accepted>;
    });
  return { ...foundation, shipped, engine: { accept } };
}

function audienceOf(text: string | undefined): Audience | undefined {
  return text === undefined || text === 'own' || text === 'everybody' ? text : text.split(',');
}

function propertiesOf(parameters: object | undefined): Readonly<Record<string, JsonObject>> {
  return ((parameters ?? {}) as { properties?: Record<string, JsonObject> }).properties ?? {};
}

function told({ title, description, default: value }: JsonObject): string {
  const text = [title, description].find((each) => typeof each === 'string') ?? '';
  return value === undefined ? `${text} (must be given)` : `${text} (${JSON.stringify(value)})`;
}
