import { type JsonObject, MillraceError } from '@millrace/contract';
import { type Command, Option } from 'commander';
import type { Foundation } from '../engine/engine.ts';
import { findConnection } from '../postgres/connections/connections.ts';
import { listPromotions } from '../postgres/promotions/promotions.ts';
import { demands, loadRules, type PromotionRules, saveRules } from '../postgres/promotions/rules.ts';
import type { Step } from '../promotions/carry-out.ts';
import type { PartChange } from '../promotions/part.ts';
import type { ShownPromotion } from '../promotions/show-promotion.ts';
import { atTenantData, commandLine, type TenantData } from './at-database.ts';
import { atTenant } from './at-tenant.ts';
import { collect, pairs } from './name-value.ts';
import { printRow } from './print-row.ts';
import { readJsonFile } from './read-json-file.ts';

interface Tenancy {
  /** Slug. */
  readonly tenant: string;
}
interface Explained extends Tenancy {
  readonly note?: string;
}
interface Planning extends Explained {
  readonly parameters?: string;
  readonly connection: readonly string[];
  readonly keep: readonly string[];
}

const shownPromotions = 50;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `millrace promotion …`: from the sandbox to production, with everything that a flow depends on. */
export function addPromotion(program: Command): void {
  const promotion = program
    .command('promotion')
    .description('move flows from the sandbox to production with all that they depend on, and back')
    .addHelpText(
      'after',
      '\nA promotion is named by its id, or by its flow: then it is the last one that was planned for that.',
    );
  const add = (usage: string, description: string) =>
    promotion.command(usage).description(description).option('--tenant <slug>', 'whose promotions', 'demo');
  const addExplained = (usage: string, description: string) =>
    add(usage, description).option('--note <text>', 'why, for people');

  addExplained('plan <flow>', 'plan what goes to production, and print what is different and what is in the way')
    .option('--parameters <file>', 'JSON file: flow → its parameters in production; - reads standard input')
    .option('--connection <flow.slot=name>', 'bind a slot to a connection of production', collect, [])
    .option('--keep <table>', 'leave a code table in production as it is', collect, [])
    .action(plan);
  add('list', `the last ${shownPromotions} promotions, newest first`)
    .option('--flow <id>', 'of this flow only')
    .action(list);
  add('show <promotion>', 'what a promotion moves, and what is in the way').action(show);
  addExplained('approve <promotion>', 'let it be carried out').action(
    takes(({ approvePromotion }, foundation, step) => approvePromotion(foundation, { ...step, decider: null })),
  );
  addExplained('reject <promotion>', 'let it not be carried out').action(
    takes(({ rejectPromotion }, ...asked) => rejectPromotion(...asked)),
  );
  addExplained('apply <promotion>', 'carry it out').action(
    takes(({ applyPromotion }, ...asked) => applyPromotion(...asked)),
  );
  addExplained('rollback <promotion>', 'take back everything that it moved').action(
    takes(({ rollBackPromotion }, ...asked) => rollBackPromotion(...asked)),
  );
  add('rules', 'what promotions need; with options, change it')
    .addOption(new Option('--required <yes|no>', 'nothing is deployed to production otherwise').choices(['yes', 'no']))
    .addOption(new Option('--by-another <yes|no>', 'who plans does not approve').choices(['yes', 'no']))
    .addOption(new Option('--tests <demand>', 'what is wanted of the tests').choices([...demands]))
    .action(rules);
}

async function plan(flowId: string, { tenant, parameters, connection, keep, note }: Planning): Promise<void> {
  const given = parameters === undefined ? {} : (readJsonFile(parameters) as Readonly<Record<string, JsonObject>>);
  const [{ planPromotion }, { showPromotion }] = await Promise.all([
    import('../promotions/plan-promotion.ts'),
    import('../promotions/show-promotion.ts'),
  ]);
  const shown = await atTenant(tenant, async (access) => {
    const bound = await connectionsOf(access, pairs(connection, '--connection'));
    const names = new Set([...Object.keys(given), ...Object.keys(bound)]);
    const settings = Object.fromEntries(
      [...names].map((name) => [name, { parameters: given[name], connections: bound[name] }]),
    );
    const request = { flowId, settings, keep, note, by: commandLine().who, planner: null };
    const id = await planPromotion(access.foundation, access.tenant, request);
    return showPromotion(access.foundation, access.tenant, id);
  });
  print(shown, false);
}

/** Flow → slot → id of the connection of that name. */
function connectionsOf({ work }: TenantData, named: Readonly<Record<string, string>>) {
  return work(async (tx) => {
    const bound: Record<string, Record<string, string>> = {};
    for (const [place, name] of Object.entries(named)) {
      const [flow = '', slot = ''] = place.split('.');
      const found = await findConnection(tx, 'production', name);
      if (!found || slot === '') throw unknownBinding(place, name, slot);
      bound[flow] = { ...bound[flow], [slot]: found.id };
    }
    return bound;
  });
}

function unknownBinding(place: string, name: string, slot: string): MillraceError {
  if (slot === '')
    return new MillraceError('OPTION_INVALID', `--connection takes flow.slot=name, not “${place}=${name}”.`);
  return new MillraceError('NOT_FOUND', `There is no connection “${name}” in production.`, { category: 'not-found' });
}

async function list({ tenant, flow }: Tenancy & { flow?: string }): Promise<void> {
  const all = { flow, limit: shownPromotions };
  const promotions = await atTenantData(tenant, ({ work }) => work((tx) => listPromotions(tx, all)));
  for (const { id, plannedAt, state, flow: of, plannedBy, note } of promotions)
    printRow(id, plannedAt, state, of, plannedBy, note ?? '');
}

async function show(named: string, { tenant }: Tenancy): Promise<void> {
  const { showPromotion } = await import('../promotions/show-promotion.ts');
  const shown = await atTenant(tenant, async (access) =>
    showPromotion(access.foundation, access.tenant, await idOf(access, named)),
  );
  print(shown, true);
}

type Steps = typeof import('../promotions/carry-out.ts');

function takes(take: (steps: Steps, foundation: Foundation, step: Step) => Promise<void>) {
  return async (named: string, { tenant, note }: Explained): Promise<void> => {
    const [steps, { showPromotion }] = await Promise.all([
      import('../promotions/carry-out.ts'),
      import('../promotions/show-promotion.ts'),
    ]);
    const { id, state } = await atTenant(tenant, async (access) => {
      const step = { tenant: access.tenant, id: await idOf(access, named), by: commandLine().who, note };
      await take(steps, access.foundation, step);
      return showPromotion(access.foundation, access.tenant, step.id);
    });
    printRow(id, state);
  };
}

/** @throws {MillraceError} `NOT_FOUND` where it is the name of a flow for which nothing was planned */
async function idOf({ work }: TenantData, named: string): Promise<string> {
  if (uuid.test(named)) return named;
  const [last] = await work((tx) => listPromotions(tx, { flow: named, limit: 1 }));
  if (last) return last.id;
  throw new MillraceError('NOT_FOUND', `There is no promotion of a flow “${named}”.`, { category: 'not-found' });
}

interface RuleOptions extends Tenancy {
  readonly required?: 'yes' | 'no';
  readonly byAnother?: 'yes' | 'no';
  readonly tests?: PromotionRules['tests'];
}

async function rules({ tenant, required, byAnother, tests }: RuleOptions): Promise<void> {
  const changes = {
    ...(required && { required: required === 'yes' }),
    ...(byAnother && { byAnother: byAnother === 'yes' }),
    ...(tests && { tests }),
  };
  const now = await atTenantData(tenant, ({ work, id }) =>
    work(async (tx) => {
      const after = { ...(await loadRules(tx)), ...changes };
      if (Object.keys(changes).length > 0) await saveRules(tx, id, after);
      return after;
    }),
  );
  printRow('required', now.required ? 'yes' : 'no');
  printRow('by another', now.byAnother ? 'yes' : 'no');
  printRow('tests', now.tests);
}

/** @param whole also what parts that are new in production consist of; else how much that is */
function print({ id, state, parts, tests, problems, stale }: ShownPromotion, whole: boolean): void {
  printRow(id, state);
  for (const { kind, name, isNew, changes } of parts) {
    const told = whole || !isNew ? changes : changes.filter(isSetting);
    if (told !== changes) printRow(`${kind} ${name}`, '/', `New in production: ${extentOf(changes)}.`);
    for (const { pointer, sentence } of told) printRow(`${kind} ${name}`, pointer || '/', sentence);
  }
  for (const { flow, number, report, unexercised } of tests) {
    const went = report ? `${report.passed} passed, ${report.failed} failed` : 'never run';
    printRow(`tests of ${flow}`, `version ${number ?? ''}`, went, unexercised.join(' '));
  }
  for (const { code, message } of [...stale, ...problems]) printRow(code, message);
}

/** What a flow gets in production, besides what it is. */
function isSetting({ pointer }: PartChange): boolean {
  return /^\/(parameters|connections)\//.test(pointer);
}

/** Such as `12 nodes, 13 edges, 2 samples, 26 tests`. */
function extentOf(changes: readonly PartChange[]): string {
  const collections = changes.flatMap(
    ({ pointer }) => /^(?:\/flow)?\/(nodes|edges|samples|tests|entries)\//.exec(pointer)?.[1] ?? [],
  );
  const counts = [...Map.groupBy(collections, (name) => name)].map(([name, all]) => `${all.length} ${name}`);
  return counts.length > 0 ? counts.join(', ') : 'all of it';
}
