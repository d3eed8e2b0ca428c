import type { FlowBundle, FlowDocument } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** A version as it is kept: what its name is the hash of, and where the boxes stood last. */
export interface NewVersion {
  readonly tenant: string;
  readonly hash: string;
  readonly bundle: FlowBundle;
}

/** Keeps a version; the same content is the same version. */
export async function saveVersion(tx: Tx, { tenant, hash, bundle }: NewVersion): Promise<void> {
  const { flow, layout, samples, tests, records, tables, mappings } = bundle;
  await sql`
    insert into millrace.flow_version
      (tenant_id, hash, flow_id, document, layout, samples, tests, records, tables, mappings)
    values (${tenant}, ${hash}, ${flow.id}, ${json(flow)}, ${json(layout)}, ${json(samples)}, ${json(tests)},
      ${json(records)}, ${tables ? json(tables) : null}, ${mappings ? json(mappings) : null})
    on conflict (tenant_id, hash) do update set layout = excluded.layout`.execute(tx);
}

/** What a version does. */
export async function loadVersion(tx: Tx, hash: string): Promise<FlowDocument | undefined> {
  const { rows } = await sql<{ document: FlowDocument }>`
    select document from millrace.flow_version where hash = ${hash}`.execute(tx);
  return rows[0]?.document;
}
