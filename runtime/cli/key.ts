import { MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import { isAction, type KeyScope } from '../auth/rights.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { atAccounts } from './at-accounts.ts';
import { commandLine } from './at-database.ts';
import { roleFrom } from './member.ts';
import { printRow } from './print-row.ts';

interface Creating {
  readonly tenant: string;
  readonly name: string;
  readonly role: string;
  readonly actions?: string;
  readonly days?: number;
}

/** `millrace key …`: API keys of tenants. */
export function addKey(program: Command): void {
  const key = program.command('key').description('keys for the API');
  const add = (usage: string, description: string) =>
    key.command(usage).description(description).option('--tenant <slug>', 'whose key it is', 'demo');

  add('create', 'make an API key, and the tenant where there is none; it is shown this once and stored hashed')
    .option('--name <name>', 'what it is for', 'command line')
    .option('--role <role>', 'what it may do: viewer, operator, builder or admin', 'admin')
    .option('--actions <list>', 'in place of a role: these actions alone, for example signals.send,runs.read')
    .option('--days <days>', 'after so many days (1 to 365) it opens nothing any more', daysFrom)
    .action((options: Creating) => create(options));
  add('list', 'keys of a tenant, newest first').action(({ tenant }: { tenant: string }) => list(tenant));
  add('revoke <id>', 'let a key open nothing any more').action((id: string, { tenant }: { tenant: string }) =>
    revoke(id, tenant),
  );
}

async function create({ tenant: slug, name, role, actions, days }: Creating): Promise<void> {
  const scope = actions === undefined ? { role: roleFrom(role) } : actionsFrom(actions);
  const made = await atAccounts(async ({ auth, database }) => {
    const tenant = await database.asScanner((tx) => ensureTenant(tx, slug, slug));
    return auth.keys.create(tenant, { name, scope, days }, commandLine());
  });
  console.log(made);
}

async function list(slug: string): Promise<void> {
  const keys = await atAccounts(async ({ auth, tenant }) => auth.keys.list(await tenant(slug)));
  for (const { id, name, start, rights, createdAt, expiresAt } of keys)
    printRow(id, name, `${start ?? ''}…`, [...rights.roles, ...rights.actions].join(','), createdAt, expiresAt ?? '');
}

async function revoke(id: string, slug: string): Promise<void> {
  await atAccounts(async ({ auth, tenant }) => auth.keys.revoke(await tenant(slug), id, commandLine()));
  console.log(`Key ${id} opens nothing any more.`);
}

function actionsFrom(text: string): KeyScope {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isAction(name));
  if (unknown === undefined) return { actions: names.filter(isAction) };
  throw new MillraceError('OPTION_INVALID', `There is no action “${unknown}”; docs/roles.md has all of them.`);
}

function daysFrom(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 365) return days;
  throw new MillraceError('OPTION_INVALID', `--days takes a number from 1 to 365, not “${text}”.`);
}
