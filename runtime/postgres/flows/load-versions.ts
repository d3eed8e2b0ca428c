import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface PublishedVersion {
  readonly version: string;
  /** Of the flow's versions, in the order of their publication. */
  readonly number: number;
  readonly publishedAt: Date;
  /** For people. */
  readonly publishedBy: string;
  readonly note: string | null;
}

/** The published versions of a flow, newest first. */
export async function listVersions(tx: Tx, flowId: string): Promise<PublishedVersion[]> {
  const { rows } = await sql<PublishedVersion>`
    select hash as version, number, published_at as "publishedAt", published_by as "publishedBy", note
    from millrace.flow_version
    where flow_id = ${flowId} and number is not null order by number desc`.execute(tx);
  return rows;
}

/** A version of a flow with all that it holds. */
export interface KeptVersion {
  readonly version: string;
  /** Null where it was never published. */
  readonly number: number | null;
  readonly bundle: FlowBundle;
}

/** A version of a flow by its name (the hash), or by its number. */
export async function loadBundle(tx: Tx, flowId: string, version: string): Promise<KeptVersion | undefined> {
  const { rows } = await sql<FlowBundle & { version: string; number: number | null }>`
    select hash as version, number, document as flow, layout, samples, tests, records, tables, mappings
    from millrace.flow_version
    where flow_id = ${flowId} and (hash = ${version} or number::text = ${version})`.execute(tx);
  if (!rows[0]) return undefined;
  const { version: name, number, tables, mappings, ...bundle } = rows[0];
  return { version: name, number, bundle: { ...bundle, ...(tables && { tables }), ...(mappings && { mappings }) } };
}
