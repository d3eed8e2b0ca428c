import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
}

const columns = sql`id, slug, name, time_zone as "timeZone"`;

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
