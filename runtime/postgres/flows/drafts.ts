import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** A flow as its author works on it; it may be wrong in every way. */
export interface Draft {
  readonly id: string;
  readonly bundle: FlowBundle;
  /** The version that it would be; null where that was never found out. */
  readonly content: string | null;
  /** Raised by every save. */
  readonly revision: number;
  readonly updatedAt: Date;
}

const columns = sql`id, draft as bundle, content, revision, updated_at as "updatedAt"`;

export async function loadDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  const { rows } = await sql<Draft>`select ${columns} from millrace.flow where id = ${id}`.execute(tx);
  return rows[0];
}

/** What is to be the draft, and the version that it would be. */
export interface NewDraft {
  readonly bundle: FlowBundle;
  readonly content: string;
}

/** Nothing where a flow of that id exists. */
export async function createDraft(tx: Tx, tenant: string, { bundle, content }: NewDraft): Promise<Draft | undefined> {
  const { rows } = await sql<Draft>`
    insert into millrace.flow (tenant_id, id, name, draft, content)
    values (${tenant}, ${bundle.flow.id}, ${bundle.flow.name}, ${json(bundle)}, ${content})
    on conflict (tenant_id, id) do nothing
    returning ${columns}`.execute(tx);
  return rows[0];
}

/** Replaces the draft if it still has that revision; otherwise nothing. */
export async function replaceDraft(
  tx: Tx,
  { bundle, content }: NewDraft,
  revision: number,
): Promise<Draft | undefined> {
  const { rows } = await sql<Draft>`
    update millrace.flow set
      name = ${bundle.flow.name}, draft = ${json(bundle)}, content = ${content}, revision = revision + 1, updated_at = millrace.now()
    where id = ${bundle.flow.id} and revision = ${revision}
    returning ${columns}`.execute(tx);
  return rows[0];
}
