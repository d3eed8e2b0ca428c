import type { LayeredMapping } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** The mappings in layers that a version of a flow brings along. */
export async function loadMappings(tx: Tx, version: string): Promise<readonly LayeredMapping[]> {
  const { rows } = await sql<{ mappings: readonly LayeredMapping[] | null }>`
    select mappings from millrace.flow_version where hash = ${version}`.execute(tx);
  return rows[0]?.mappings ?? [];
}
