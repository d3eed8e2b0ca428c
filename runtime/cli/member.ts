import { MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import { type MemberRole, memberRoles } from '../auth/actions.ts';
import { invitationLink } from '../auth/invitations.ts';
import { resetLink } from '../auth/resets.ts';
import { isMemberRole } from '../auth/rights.ts';
import { type Accounts, atAccounts } from './at-accounts.ts';
import { commandLine } from './at-database.ts';
import { printRow } from './print-row.ts';

interface Options {
  readonly tenant: string;
}

/** `millrace member …`: people of tenants, called by their e-mail addresses. */
export function addMember(program: Command): void {
  const member = program.command('member').description('people of a tenant');
  const add = (usage: string, description: string) =>
    member.command(usage).description(description).option('--tenant <slug>', 'whose member', 'demo');

  add('invite <email>', 'print a link by which somebody becomes a member; it is good for one use, within a week')
    .option('--role <role>', memberRoles.join(', '), 'viewer')
    .action((email: string, { tenant, role }: Options & { role: string }) => invite(tenant, email, roleFrom(role)));
  add('list', 'members with their roles').action(({ tenant }: Options) => list(tenant));
  add('role <email> <role>', 'give a member another role').action((email: string, role: string, { tenant }: Options) =>
    changeRole(tenant, email, roleFrom(role)),
  );
  add(
    'reset <email>',
    'print a link by which a member sets a new password; the second factor goes with the old one',
  ).action((email: string, { tenant }: Options) => reset(tenant, email));
  add('remove <email>', 'let somebody belong to the tenant no more').action((email: string, { tenant }: Options) =>
    remove(tenant, email),
  );
}

/** @throws {MillraceError} `OPTION_INVALID` */
export function roleFrom(text: string): MemberRole {
  if (isMemberRole(text)) return text;
  throw new MillraceError('OPTION_INVALID', `A role is one of ${memberRoles.join(', ')}, not “${text}”.`);
}

async function invite(slug: string, email: string, role: MemberRole): Promise<void> {
  const link = await atAccounts(async ({ auth, tenant, url }) =>
    invitationLink(url, await auth.invitations.invite(await tenant(slug), { email, role }, commandLine())),
  );
  console.log(link);
}

async function list(slug: string): Promise<void> {
  const members = await atAccounts(async ({ auth, tenant }) => auth.members.list(await tenant(slug)));
  for (const { email, role, name, since } of members) printRow(email, role, name, since);
}

async function changeRole(slug: string, email: string, role: MemberRole): Promise<void> {
  await atAccounts(async (accounts) => {
    const tenant = await accounts.tenant(slug);
    await accounts.auth.members.changeRole(tenant, await idOf(accounts, slug, email), role, commandLine());
  });
  console.log(`${email} has the role ${role}.`);
}

async function reset(slug: string, email: string): Promise<void> {
  const link = await atAccounts(async (accounts) => {
    const tenant = await accounts.tenant(slug);
    const id = await idOf(accounts, slug, email);
    return resetLink(accounts.url, await accounts.auth.resets.forMember(tenant, id, commandLine()));
  });
  console.log(link);
}

async function remove(slug: string, email: string): Promise<void> {
  await atAccounts(async (accounts) => {
    const tenant = await accounts.tenant(slug);
    await accounts.auth.members.remove(tenant, await idOf(accounts, slug, email), commandLine());
  });
  console.log(`${email} belongs to ${slug} no more.`);
}

async function idOf({ auth, tenant }: Accounts, slug: string, email: string): Promise<string> {
  const found = (await auth.members.list(await tenant(slug))).find((member) => member.email === email.toLowerCase());
  if (found) return found.id;
  throw new MillraceError('NOT_FOUND', `${email} is no member of ${slug}.`, { category: 'not-found' });
}
