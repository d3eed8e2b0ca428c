import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
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

/** All of the tenant. */
export async function listDrafts(tx: Tx): Promise<Draft[]> {
  const { rows } = await sql<Draft>`select ${columns} from millrace.flow order by id`.execute(tx);
  return rows;
}

export async function flowExists(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`select from millrace.flow where id = ${id}`.execute(tx);
  return rows.length > 0;
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
  const [draft] = rows;
  if (draft) await note(tx, tenant, undefined, draft);
  return draft;
}

/** Replaces the draft if it still has that revision; otherwise nothing. */
export async function replaceDraft(
  tx: Tx,
  { bundle, content }: NewDraft,
  revision: number,
): Promise<Draft | undefined> {
  const { rows } = await sql<Draft & { tenant: string; before: FlowBundle }>`
    update millrace.flow set
      name = ${bundle.flow.name}, draft = ${json(bundle)}, content = ${content}, revision = revision + 1, updated_at = millrace.now()
    where id = ${bundle.flow.id} and revision = ${revision}
    returning ${columns}, tenant_id as tenant, old.draft as before`.execute(tx);
  const [saved] = rows;
  if (!saved) return undefined;
  const { tenant, before, ...draft } = saved;
  await note(tx, tenant, { bundle: before, revision }, draft);
  return draft;
}

/** False where there is none; its versions stay. */
export async function removeDraft(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql<Noted & { tenant: string }>`
    delete from millrace.flow where id = ${id} returning tenant_id as tenant, revision, draft as bundle`.execute(tx);
  for (const { tenant, ...before } of rows)
    await noteChange(tx, { tenant, action: 'flows.edit', target: `flows/${id}`, before: shown(before) });
  return rows.length > 0;
}

type Noted = Pick<Draft, 'revision' | 'bundle'>;

/** The audit has each part of the bundle by itself, so that only what is large is kept by its hash. */
function note(tx: Tx, tenant: string, before: Noted | undefined, after: Noted & Pick<Draft, 'id'>): Promise<void> {
  const values = { before: before && shown(before), after: shown(after) };
  return noteChange(tx, { tenant, action: 'flows.edit', target: `flows/${after.id}`, ...values });
}

function shown({ revision, bundle }: Noted): Readonly<Record<string, unknown>> {
  return { revision, ...bundle };
}
