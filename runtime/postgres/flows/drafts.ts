import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** A flow as its author works on it; it may be wrong in every way. */
export interface Draft {
  readonly id: string;
  readonly bundle: FlowBundle;
  /** Raised by every save. */
  readonly revision: number;
  readonly updatedAt: Date;
}

const columns = sql`id, draft as bundle, revision, updated_at as "updatedAt"`;

export async function loadDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  const { rows } = await sql<Draft>`select ${columns} from millrace.flow where id = ${id}`.execute(tx);
  return rows[0];
}

/** Nothing where a flow of that id exists. */
export async function createDraft(tx: Tx, tenant: string, bundle: FlowBundle): Promise<Draft | undefined> {
  const { rows } = await sql<Draft>`
    insert into millrace.flow (tenant_id, id, name, draft)
    values (${tenant}, ${bundle.flow.id}, ${bundle.flow.name}, ${json(bundle)})
    on conflict (tenant_id, id) do nothing
    returning ${columns}`.execute(tx);
  return rows[0];
}

/** Replaces the draft if it still has that revision; otherwise nothing. */
export async function replaceDraft(tx: Tx, bundle: FlowBundle, revision: number): Promise<Draft | undefined> {
  const { rows } = await sql<Draft>`
    update millrace.flow set
      name = ${bundle.flow.name}, draft = ${json(bundle)}, revision = revision + 1, updated_at = millrace.now()
    where id = ${bundle.flow.id} and revision = ${revision}
    returning ${columns}`.execute(tx);
  return rows[0];
}
