import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Author } from './author.ts';

/** An entry of a tenant's audit. */
export interface AuditEntry {
  /** From 1, without gaps. */
  readonly position: number;
  readonly at: Date;
  readonly who: string;
  readonly whoId: string | null;
  readonly by: Author['by'];
  readonly address: string | null;
  readonly action: string;
  readonly environment: string | null;
  readonly target: string;
  readonly before: Json;
  readonly after: Json;
  /** Of the entry and of all before it; SHA-256, hexadecimal. */
  readonly hash: string;
}

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly who?: string | undefined;
  readonly from?: Date | undefined;
  /** Not this one any more. */
  readonly to?: Date | undefined;
}

const columns = sql`
  position, at, who, who_id as "whoId", by, address, action, environment, target, before, after,
  encode(hash, 'hex') as hash`;

/** Newest first. @param before position of the last one of the page before */
export async function listEntries(
  tx: Tx,
  tenant: string,
  { before, limit, ...filter }: AuditFilter & { readonly before?: number | undefined; readonly limit: number },
): Promise<AuditEntry[]> {
  const { rows } = await sql<AuditEntry>`
    select ${columns} from millrace.audit
    where tenant_id = ${tenant} and position < ${before ?? Number.MAX_SAFE_INTEGER} and ${fits(filter)}
    order by position desc limit ${limit}`.execute(tx);
  return rows;
}

/** Oldest first. @param after position of the last one of the page before; 0 for the first page */
export async function readEntries(
  tx: Tx,
  tenant: string,
  { after, limit, ...filter }: AuditFilter & { readonly after: number; readonly limit: number },
): Promise<AuditEntry[]> {
  const { rows } = await sql<AuditEntry>`
    select ${columns} from millrace.audit
    where tenant_id = ${tenant} and position > ${after} and ${fits(filter)}
    order by position limit ${limit}`.execute(tx);
  return rows;
}

function fits({ action, target, who, from, to }: AuditFilter) {
  return sql`
    (${action ?? null}::text is null or action = ${action ?? null})
    and (${target ?? null}::text is null or target = ${target ?? null})
    and (${who ?? null}::text is null or who = ${who ?? null})
    and (${from ?? null}::timestamptz is null or at >= ${from ?? null})
    and (${to ?? null}::timestamptz is null or at < ${to ?? null})`;
}

/** An entry as its hash is made of it. */
export interface ChainLink {
  readonly position: number;
  readonly text: string;
  readonly previous: string;
  readonly hash: string;
}

/** Oldest first. */
export async function readChain(tx: Tx, tenant: string, after: number, limit: number): Promise<ChainLink[]> {
  const { rows } = await sql<ChainLink>`
    select position, millrace.audit_text(audit) as text, encode(previous, 'hex') as previous, encode(hash, 'hex') as hash
    from millrace.audit where tenant_id = ${tenant} and position > ${after}
    order by position limit ${limit}`.execute(tx);
  return rows;
}

/** The last entry that was cut off for its age (position 0 where none was), and whether an entry tells of that. */
export async function readCut(
  tx: Tx,
  tenant: string,
): Promise<{ readonly cut: Pick<AuditEntry, 'position' | 'hash'>; readonly isTold: boolean }> {
  const { rows } = await sql<Pick<AuditEntry, 'position' | 'hash'> & { isTold: boolean }>`
    select cut_position as position, encode(cut_hash, 'hex') as hash, cut_position = 0 or exists (
      select from millrace.audit
      where tenant_id = ${tenant} and target = 'audit' and after -> 'cut' ->> 'position' = cut_position::text
        and after -> 'cut' ->> 'hash' = encode(cut_hash, 'hex')) as "isTold"
    from millrace.audit_retention where tenant_id = ${tenant}`.execute(tx);
  const { isTold = true, position = 0, hash = '' } = rows[0] ?? {};
  return { cut: { position, hash }, isTold };
}
