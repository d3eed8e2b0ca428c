import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Named in one transaction at most. */
const together = 200;

/** Ids of all tenants, in groups that a transaction can name. */
export async function listTenants(database: Database): Promise<string[][]> {
  const { rows } = await database.asScanner((tx) =>
    sql<{ id: string }>`select id from millrace.tenant order by id`.execute(tx),
  );
  const ids = rows.map(({ id }) => id);
  return Array.from({ length: Math.ceil(ids.length / together) }, (_, n) =>
    ids.slice(n * together, (n + 1) * together),
  );
}
