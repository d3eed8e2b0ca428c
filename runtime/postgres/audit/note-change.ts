import { createHash } from 'node:crypto';
import { type Json, writeJson } from '@millrace/contract';
import { sql } from 'kysely';
import type { Action, SessionEvent } from '../../auth/actions.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** What was changed. Whoever changed it the transaction knows (`Database.by`). */
export interface NotedChange {
  readonly tenant: string;
  readonly action: Action | SessionEvent;
  readonly environment?: string;
  /** As in the API: `flows/orders`. */
  readonly target: string;
  /** Nothing where it was not there before, and likewise `after`. Without secrets. */
  readonly before?: Shown | undefined;
  readonly after?: Shown | undefined;
}

type Shown = Readonly<Record<string, unknown>>;

/** Characters of a field as JSON; of a longer one the audit keeps what proves it. */
const longest = 65_536;

/** Leaves an entry in the tenant's audit: best as the last statement, since other changes of the tenant wait from here on. */
export async function noteChange(
  tx: Tx,
  { tenant, action, environment, target, ...values }: NotedChange,
): Promise<void> {
  const [before, after] = [bounded(values.before), bounded(values.after)];
  await sql`
    insert into millrace.audit (tenant_id, action, environment, target, before, after)
    values (${tenant}, ${action}, ${environment ?? null}, ${target}, ${json(before)}, ${json(after)})`.execute(tx);
}

function bounded(value: Shown | undefined): Record<string, Json> | undefined {
  if (!value) return undefined;
  const known = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(known.map(([name, field]) => [name, provenOrWhole(field as Json)]));
}

function provenOrWhole(field: Json): Json {
  const text = writeJson(field);
  if (text.length <= longest) return field;
  return { sha256: createHash('sha256').update(text).digest('hex'), characters: text.length };
}
