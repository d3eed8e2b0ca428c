import { sql } from 'kysely';
import type { Plan } from '../../auth/plans.ts';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly plan: Plan;
}

const columns = sql`id, slug, name, time_zone as "timeZone", plan`;

/** The tenant of that slug, made where there is none. Scanner's transaction. */
export async function ensureTenant(tx: Tx, slug: string, name: string): Promise<Tenant> {
  await sql`insert into millrace.tenant (slug, name) values (${slug}, ${name}) on conflict (slug) do nothing`.execute(
    tx,
  );
  return (await findTenant(tx, slug)) as Tenant;
}

/** Scanner's transaction. */
export async function findTenant(tx: Tx, slug: string): Promise<Tenant | undefined> {
  const { rows } = await sql<Tenant>`select ${columns} from millrace.tenant where slug = ${slug}`.execute(tx);
  return rows[0];
}

/** A new tenant; nothing where the slug is taken. In a transaction for the tenant itself, whose id is chosen by the caller. */
export async function createTenant(
  tx: Tx,
  { id, slug, name }: Pick<Tenant, 'id' | 'slug' | 'name'>,
): Promise<Tenant | undefined> {
  const { rows } = await sql<Tenant>`
    insert into millrace.tenant (id, slug, name) values (${id}, ${slug}, ${name})
    on conflict (slug) do nothing returning ${columns}`.execute(tx);
  const [tenant] = rows;
  const after = { slug, name };
  if (tenant) await noteChange(tx, { tenant: id, action: 'tenants.create', target: `tenants/${slug}`, after });
  return tenant;
}

/** In a transaction for the tenant itself. */
export async function setPlan(tx: Tx, { id, plan: before }: Tenant, plan: Plan): Promise<void> {
  await sql`update millrace.tenant set plan = ${plan} where id = ${id}`.execute(tx);
  const values = { before: { plan: before }, after: { plan } };
  await noteChange(tx, { tenant: id, action: 'tenants.limit', target: 'tenant', ...values });
}

/** All of them, by slug. Scanner's transaction. */
export async function allTenants(tx: Tx): Promise<Tenant[]> {
  const { rows } = await sql<Tenant>`select ${columns} from millrace.tenant order by slug`.execute(tx);
  return rows;
}
