import { MillraceError } from '@millrace/contract';
import { Argument, type Command } from 'commander';
import { Value } from 'typebox/value';
import { GivenSingleSignOn } from '../http/sign-in.ts';
import { dropSingleSignOn, needSecondFactor, setSingleSignOn, showSignIn } from '../single-sign-on/settings.ts';
import { type Accounts, atAccounts } from './at-accounts.ts';
import { commandLine } from './at-database.ts';
import { printRow } from './print-row.ts';
import { readJsonFile } from './read-json-file.ts';

interface Options {
  /** Slug. */
  readonly tenant: string;
}

/** `millrace sign-in …`: how members of a tenant sign in. */
export function addSignIn(program: Command): void {
  const signIn = program.command('sign-in').description('how members of a tenant sign in');
  const add = (usage: string, description: string) =>
    signIn.command(usage).description(description).option('--tenant <slug>', 'whose members', 'demo');

  add('show', 'whether a second factor is needed, and the provider of single sign-on').action(({ tenant }: Options) =>
    show(tenant),
  );
  add('second-factor', 'say whether who signs in with a password needs a code besides')
    .addArgument(new Argument('<need>', 'needed or optional').choices(['needed', 'optional']))
    .action((need: string, { tenant }: Options) => secondFactor(tenant, need === 'needed'));
  add(
    'sso <file>',
    'set an OpenID provider up: issuer, clientId, clientSecret, domains, newcomers, passwords as JSON; - reads standard input',
  ).action((file: string, { tenant }: Options) => setUp(tenant, file));
  add('remove-sso', 'let nobody in by single sign-on any more; passwords open the tenant again').action(
    ({ tenant }: Options) => remove(tenant),
  );
}

async function show(slug: string): Promise<void> {
  const { secondFactorNeeded, singleSignOn } = await atAccounts(async ({ database, tenant }) =>
    showSignIn({ database }, (await tenant(slug)).id),
  );
  printRow('second factor', secondFactorNeeded ? 'needed' : 'optional');
  if (!singleSignOn) return printRow('single sign-on', 'none');
  const { issuer, clientId, domains, newcomers, passwords } = singleSignOn;
  printRow('single sign-on', issuer, clientId, domains.join(','), newcomers ?? 'only the invited');
  printRow('passwords', passwords ? 'open the tenant too' : 'do not open the tenant');
}

async function secondFactor(slug: string, needed: boolean): Promise<void> {
  await atAccounts(async ({ tenant, ...accounts }) =>
    needSecondFactor(named(accounts), (await tenant(slug)).id, needed),
  );
}

async function setUp(slug: string, file: string): Promise<void> {
  const given = readJsonFile(file);
  if (!Value.Check(GivenSingleSignOn, given)) {
    const [first] = Value.Errors(GivenSingleSignOn, given);
    throw new MillraceError('BAD_VALUE', `${file} does not fit: “${first?.instancePath}” ${first?.message}.`, {
      pointer: first?.instancePath ?? '',
    });
  }
  await atAccounts(async ({ tenant, auth, ...accounts }) => {
    const { id } = await tenant(slug);
    await setSingleSignOn(named(accounts), id, given, (issuer) => auth.singleSignOn.hasLetAdminIn(id, issuer));
  });
}

async function remove(slug: string): Promise<void> {
  await atAccounts(async ({ tenant, ...accounts }) => dropSingleSignOn(named(accounts), (await tenant(slug)).id));
}

/** The services, writing in the name of who calls the command. */
function named({ database, masterKeys }: Pick<Accounts, 'database' | 'masterKeys'>) {
  return { database: database.by(commandLine()), masterKeys };
}
