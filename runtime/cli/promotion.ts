import { type JsonObject, MillraceError } from '@millrace/contract';
import { type Command, Option } from 'commander';
import { findConnection } from '../postgres/connections/connections.ts';
import { listPromotions } from '../postgres/promotions/promotions.ts';
import { demands, loadRules, type PromotionRules, saveRules } from '../postgres/promotions/rules.ts';
import {
  applyPromotion,
  approvePromotion,
  rejectPromotion,
  rollBackPromotion,
  type Step,
} from '../promotions/carry-out.ts';
import { planPromotion } from '../promotions/plan-promotion.ts';
import { type ShownPromotion, showPromotion } from '../promotions/show-promotion.ts';
import { atTenant, commandLine, type TenantAccess } from './at-tenant.ts';
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

/** `millrace promotion …`: from the sandbox to production, with everything that a flow depends on. */
export function addPromotion(program: Command): void {
  const promotion = program
    .command('promotion')
    .description('move flows from the sandbox to production with all that they depend on, and back');
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
  add('show <id>', 'what a promotion moves, and what is in the way').action(show);
  addExplained('approve <id>', 'let it be carried out').action(
    takes((access, step) => approvePromotion(access.foundation, { ...step, decider: null })),
  );
  addExplained('reject <id>', 'let it not be carried out').action(
    takes((access, step) => rejectPromotion(access.foundation, step)),
  );
  addExplained('apply <id>', 'carry it out').action(takes((access, step) => applyPromotion(access.foundation, step)));
  addExplained('rollback <id>', 'take back everything that it moved').action(
    takes((access, step) => rollBackPromotion(access.foundation, step)),
  );
  add('rules', 'what promotions need; with options, change it')
    .addOption(new Option('--required <yes|no>', 'nothing is deployed to production otherwise').choices(['yes', 'no']))
    .addOption(new Option('--by-another <yes|no>', 'who plans does not approve').choices(['yes', 'no']))
    .addOption(new Option('--tests <demand>', 'what is wanted of the tests').choices([...demands]))
    .action(rules);
}

async function plan(flowId: string, { tenant, parameters, connection, keep, note }: Planning): Promise<void> {
  const given = parameters === undefined ? {} : (readJsonFile(parameters) as Readonly<Record<string, JsonObject>>);
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
  print(shown);
}

/** Flow → slot → id of the connection of that name. */
function connectionsOf({ work }: TenantAccess, named: Readonly<Record<string, string>>) {
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
  const promotions = await atTenant(tenant, ({ work }) => work((tx) => listPromotions(tx, all)));
  for (const { id, plannedAt, state, flow: of, plannedBy, note } of promotions)
    printRow(id, plannedAt, state, of, plannedBy, note ?? '');
}

async function show(id: string, { tenant }: Tenancy): Promise<void> {
  print(await atTenant(tenant, (access) => showPromotion(access.foundation, access.tenant, id)));
}

function takes(take: (access: TenantAccess, step: Step) => Promise<void>) {
  return async (id: string, { tenant, note }: Explained): Promise<void> => {
    const state = await atTenant(tenant, async (access) => {
      await take(access, { tenant: access.tenant, id, by: commandLine().who, note });
      return (await showPromotion(access.foundation, access.tenant, id)).state;
    });
    printRow(id, state);
  };
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
  const now = await atTenant(tenant, ({ work, id }) =>
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

function print({ id, state, parts, tests, problems, stale }: ShownPromotion): void {
  printRow(id, state);
  for (const { kind, name, changes } of parts)
    for (const { pointer, sentence } of changes) printRow(`${kind} ${name}`, pointer || '/', sentence);
  for (const { flow, number, report, unexercised } of tests) {
    const went = report ? `${report.passed} passed, ${report.failed} failed` : 'never run';
    printRow(`tests of ${flow}`, `version ${number ?? ''}`, went, unexercised.join(' '));
  }
  for (const { code, message } of [...stale, ...problems]) printRow(code, message);
}
