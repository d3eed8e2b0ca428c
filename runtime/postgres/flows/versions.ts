import type { FlowDocument, FlowLayout } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** Keeps a version; the same content is the same version. */
export async function saveVersion(
  tx: Tx,
  version: { tenant: string; hash: string; document: FlowDocument; layout: FlowLayout },
): Promise<void> {
  await sql`
    insert into millrace.flow_version (tenant_id, hash, flow_id, document, layout)
    values (${version.tenant}, ${version.hash}, ${version.document.id}, ${json(version.document)}, ${json(version.layout)})
    on conflict (tenant_id, hash) do update set layout = excluded.layout`.execute(tx);
}

export async function loadVersion(tx: Tx, hash: string): Promise<FlowDocument | undefined> {
  const { rows } = await sql<{ document: FlowDocument }>`
    select document from millrace.flow_version where hash = ${hash}`.execute(tx);
  return rows[0]?.document;
}
