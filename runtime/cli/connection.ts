import { durationMs, isObject, type JsonObject, MillraceError, type ProbeResult, writeJson } from '@millrace/contract';
import { type Command, Option } from 'commander';
import { createConnection, updateConnection } from '../connections/edit-connections.ts';
import { deleteConnection } from '../connections/remove-connection.ts';
import { rotateSecrets } from '../connections/rotate-secret.ts';
import {
  type ConnectionStatus,
  connectionStatuses,
  type ShownConnection,
  showConnection,
  showConnections,
  showHistory,
} from '../connections/show-connections.ts';
import { authenticateAnew, testConnection, testInactive } from '../connections/test-connection.ts';
import { setQuota } from '../postgres/connections/quota.ts';
import { atTenantData } from './at-database.ts';
import { atTenant, type TenantAccess } from './at-tenant.ts';
import { printRow } from './print-row.ts';
import { readJsonFile } from './read-json-file.ts';

interface Tenancy {
  /** Slug. */
  readonly tenant: string;
}
interface Listing extends Tenancy {
  readonly environment?: string;
  readonly type?: string;
  readonly status?: ConnectionStatus;
}
interface Creation extends Tenancy {
  readonly name: string;
  readonly type: string;
  readonly environment: string;
  readonly config: string;
}
interface Change extends Tenancy {
  readonly name?: string;
  readonly config: string;
}
interface Rotation extends Tenancy {
  readonly secrets: string;
  readonly keepFor: string;
}

const jsonFile = 'JSON file; - reads standard input, so that no secret stands on the command line';

/** `millrace connection …`: the systems that flows use, with their logins. */
export function addConnection(program: Command): void {
  const connection = program.command('connection').description('connections to other systems, by environment');
  const add = (usage: string, description: string) =>
    connection.command(usage).description(description).option('--tenant <slug>', 'whose connections', 'demo');

  add('list', 'connections, where they are used and how they fare')
    .option('--environment <name>', 'of this environment only')
    .option('--type <type>', 'of this sort of system only')
    .addOption(new Option('--status <status>', 'only these').choices(connectionStatuses))
    .action((options: Listing) => list(options));
  add('show <connection>', 'a connection without its secrets, and what there was with it').action(onOne(show));
  add('create', 'make a connection, and test it; flows use it once that was good')
    .requiredOption('--name <name>', 'how people call it')
    .requiredOption('--type <type>', 'what sort of system it is, such as core/http')
    .requiredOption('--config <file>', jsonFile)
    .option('--environment <name>', 'where it is used', 'production')
    .action((options: Creation) => create(options));
  add('test <connection>', 'can the other side be reached; flows use it once that was good').action(onOne(test));
  add('authenticate <connection>', 'log in anew, and test it so').action(onOne(authenticate));
  add('update <connection>', 'change a connection, and test it where that matters; a secret that is left out stays')
    .requiredOption('--config <file>', jsonFile)
    .option('--name <name>', 'another name')
    .action(onOne(update));
  add('rotate <connection>', 'put new secrets in place of the present ones, once they are found good')
    .requiredOption('--secrets <file>', `field → secret: ${jsonFile}`)
    .option('--keep-for <duration>', 'how long the former one is valid, where the type knows a previous secret', 'P1D')
    .action(onOne(rotate));
  add('delete <connection>', 'delete a connection that nothing uses').action(onOne(remove));
  add('quota <count>', 'how many connections a tenant may have').action((count: string, options: Tenancy) =>
    changeQuota(count, options),
  );
}

/** What is done with one connection, which is named by its id or, where that is unambiguous, by its name. */
function onOne<O extends Tenancy>(
  work: (access: TenantAccess, connection: ShownConnection, options: O) => Promise<void>,
): (named: string, options: O) => Promise<void> {
  return (named, options) =>
    atTenant(options.tenant, async (access) => work(access, await find(access, named), options));
}

/** @throws {MillraceError} `NOT_FOUND`, `NAME_AMBIGUOUS` */
async function find({ foundation, id: tenant }: TenantAccess, named: string): Promise<ShownConnection> {
  const { connections } = await showConnections(foundation, tenant);
  const [first, ...others] = connections.filter(({ id, name }) => id === named || name === named);
  if (!first) throw new MillraceError('NOT_FOUND', `There is no connection “${named}”.`, { category: 'not-found' });
  if (others.length === 0) return first;
  throw new MillraceError('NAME_AMBIGUOUS', `Several connections are called “${named}”; name one by its id.`);
}

function list({ tenant, environment, type, status }: Listing): Promise<void> {
  const wanted = { environment: environment && environmentFrom(environment), type, status };
  return atTenant(tenant, async ({ foundation, id }) => {
    const { connections, quota } = await showConnections(foundation, id, wanted);
    for (const one of connections) printRow(one.id, one.environment, one.name, one.type, conditionOf(one), usesOf(one));
    console.log(`${quota.used} of ${quota.limit} connections.`);
  });
}

function conditionOf({ status, needsSecrets, health }: ShownConnection): string {
  if (needsSecrets) return 'inactive: needs its secrets';
  const fares = !health ? 'never used' : health.ok ? 'works' : `fails: ${health.message}`;
  return status === 'active' ? fares : `inactive: ${fares}`;
}

function usesOf({ usedBy }: ShownConnection): string {
  return usedBy.map(({ flow, slot }) => `${flow}/${slot}`).join(' ');
}

async function show({ foundation, id: tenant }: TenantAccess, connection: ShownConnection): Promise<void> {
  const { id, environment, name, type, config, health } = connection;
  console.log(`${name} (${type}) in ${environment}: ${conditionOf(connection)}`);
  printRow('last connected', health?.lastOkAt ?? 'never');
  printRow('last used by a flow', health?.lastUsedAt ?? 'never');
  console.log(writeJson(config, 2));
  for (const { lastAt, kind, ok, times, message } of await showHistory(foundation, tenant, id))
    printRow(lastAt, kind, ok ? 'worked' : 'failed', `${times}×`, message);
}

function create({ tenant, config, name, type, environment }: Creation): Promise<void> {
  const given = { name, type, environment: environmentFrom(environment), config: objectIn(config) };
  return atTenant(tenant, async ({ foundation, id }) => {
    const made = await createConnection(foundation, id, given);
    console.log(made);
    await testConnection(foundation, id, made);
    await tellInactive(foundation, id, made);
  });
}

/** On standard error, so that standard output holds what a script goes on with. */
async function tellInactive(foundation: TenantAccess['foundation'], tenant: string, id: string): Promise<void> {
  const { status, health } = await showConnection(foundation, tenant, id);
  if (status === 'inactive') console.error(`Not in use by flows before a test is good. ${health?.message ?? ''}`);
}

async function test({ foundation, id: tenant }: TenantAccess, { id }: ShownConnection): Promise<void> {
  tellTested(await testConnection(foundation, tenant, id));
}

async function authenticate({ foundation, id: tenant }: TenantAccess, { id }: ShownConnection): Promise<void> {
  tellTested(await authenticateAnew(foundation, tenant, id));
}

function tellTested({ ok, message }: ProbeResult): void {
  if (!ok) throw new MillraceError('CONNECTION_FAILS', message, { category: 'auth' });
  console.log(message);
}

async function update(
  { foundation, id: tenant }: TenantAccess,
  { id }: ShownConnection,
  change: Change,
): Promise<void> {
  const { name, config } = change;
  await updateConnection(foundation, tenant, id, { ...(name !== undefined && { name }), config: objectIn(config) });
  console.log('Changed.');
  await testInactive(foundation, tenant, id);
  await tellInactive(foundation, tenant, id);
}

async function rotate(
  { foundation, id: tenant }: TenantAccess,
  { id }: ShownConnection,
  given: Rotation,
): Promise<void> {
  await rotateSecrets(foundation, tenant, id, textsIn(given.secrets), millisecondsFrom(given.keepFor));
  const { previousUntil } = await showConnection(foundation, tenant, id);
  console.log(`In use from now on${previousUntil ? `; the former one until ${previousUntil.toISOString()}` : ''}.`);
}

async function remove({ foundation, id: tenant }: TenantAccess, { id, name }: ShownConnection): Promise<void> {
  await deleteConnection(foundation, tenant, id);
  console.log(`“${name}” was deleted.`);
}

function changeQuota(count: string, { tenant }: Tenancy): Promise<void> {
  if (!/^\d{1,6}$/.test(count)) throw new MillraceError('OPTION_INVALID', `The quota is a number, not “${count}”.`);
  return atTenantData(tenant, async ({ work, id }) => {
    await work((tx) => setQuota(tx, id, Number(count)));
    console.log(`${tenant} may have ${count} connections.`);
  });
}

function environmentFrom(text: string): string {
  if (text === 'sandbox' || text === 'production') return text;
  throw new MillraceError('OPTION_INVALID', `--environment takes sandbox or production, not “${text}”.`);
}

function millisecondsFrom(text: string): number {
  try {
    return durationMs(text);
  } catch {
    throw new MillraceError('OPTION_INVALID', `--keep-for takes a duration such as P1D, not “${text}”.`);
  }
}

function objectIn(file: string): JsonObject {
  const value = readJsonFile(file);
  if (isObject(value)) return value;
  throw new MillraceError('OPTION_INVALID', `${file} must hold a JSON object.`);
}

function textsIn(file: string): Record<string, string> {
  const entries = Object.entries(objectIn(file));
  if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    return Object.fromEntries(entries);
  throw new MillraceError('OPTION_INVALID', `${file} must hold a text for each secret.`);
}
