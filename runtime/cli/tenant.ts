import { MillraceError } from '@millrace/contract';
import { Argument, type Command } from 'commander';
import { type Plan, plans, planTitles } from '../auth/plans.ts';
import { slugPattern } from '../postgres/tenants/slug.ts';
import { allTenants, setPlan } from '../postgres/tenants/tenants.ts';
import { atAccounts } from './at-accounts.ts';
import { atDatabase, atTenantData, commandLine } from './at-database.ts';
import { printRow } from './print-row.ts';

/** `millrace tenant …` */
export function addTenant(program: Command): void {
  const tenant = program.command('tenant').description('tenants of this instance');
  tenant
    .command('create <slug>')
    .description('make a tenant')
    .option('--name <name>', 'shown to people; its short name where not given')
    .option('--admin <email>', 'invite its first admin, and print the link')
    .action((slug: string, { name = slug, admin }: { name?: string; admin?: string }) => create(slug, name, admin));
  tenant.command('list').description('all tenants, with their plans').action(list);
  tenant
    .command('plan <slug>')
    .description('what a tenant may, whatever the roles of its members')
    .addArgument(new Argument('[plan]', 'another one').choices([...plans]))
    .action(plan);
}

async function create(slug: string, name: string, admin: string | undefined): Promise<void> {
  if (!new RegExp(slugPattern).test(slug))
    throw new MillraceError(
      'OPTION_INVALID',
      'A short name has lower-case letters, digits and hyphens, a letter first.',
    );
  const { invitationLink } = await import('../auth/invitations.ts');
  const link = await atAccounts(async ({ auth, url }) => {
    const tenant = await auth.createTenant({ slug, name }, commandLine());
    const guest = admin === undefined ? undefined : ({ email: admin, role: 'admin' } as const);
    return guest && invitationLink(url, await auth.invitations.invite(tenant, guest, commandLine()));
  });
  console.log(link ?? `Tenant ${slug} is there.`);
}

async function list(): Promise<void> {
  const tenants = await atDatabase(({ database }) => database.asScanner(allTenants));
  for (const { slug, name, timeZone, plan: has } of tenants) printRow(slug, name, timeZone, has);
}

async function plan(slug: string, to: Plan | undefined): Promise<void> {
  const has = await atTenantData(slug, async ({ tenant, work }) => {
    if (to !== undefined) await work((tx) => setPlan(tx, tenant, to));
    return to ?? tenant.plan;
  });
  printRow(slug, has, planTitles[has]);
}
