import type { SyncReport } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

export interface SyncKey {
  readonly tenant: string;
  readonly environment: string;
  readonly key: string;
}

/** What the sync of this key has done, where it is done. */
export async function loadSyncReport(tx: Tx, { tenant, environment, key }: SyncKey): Promise<SyncReport | undefined> {
  const { rows } = await sql<{ report: SyncReport }>`
    select report from millrace.record_sync
    where tenant_id = ${tenant} and environment = ${environment} and key = ${key}`.execute(tx);
  return rows[0]?.report;
}

/**
 * Claims the key for this transaction; false where another one has used it. Whoever claims it at the same moment waits here
 * until this transaction has ended. Reports of syncs that nobody can repeat any more are taken away.
 */
export async function claimSync(tx: Tx, { tenant, environment, key }: SyncKey, type: string): Promise<boolean> {
  await sql`delete from millrace.record_sync where tenant_id = ${tenant} and at < millrace.now() - interval '90 days'`.execute(
    tx,
  );
  const { rows } = await sql`
    insert into millrace.record_sync (tenant_id, environment, key, type, report)
    values (${tenant}, ${environment}, ${key}, ${type}, 'null') on conflict do nothing returning key`.execute(tx);
  return rows.length === 1;
}

export async function saveSyncReport(tx: Tx, { tenant, environment, key }: SyncKey, report: SyncReport): Promise<void> {
  await sql`
    update millrace.record_sync set report = ${json(report)}::json
    where tenant_id = ${tenant} and environment = ${environment} and key = ${key}`.execute(tx);
}

/** Syncs of one type are merged one after the other: both may create the same records. */
export async function lockType(tx: Tx, { tenant, environment }: SyncKey, type: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`record_sync/${tenant}/${environment}/${type}`}, 0))`.execute(
    tx,
  );
}

/** Rows that an attempt has gathered: none after a crash of the server. */
export async function countStaged(tx: Tx, attempt: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from millrace.record_staging where attempt = ${attempt}`.execute(tx);
  return (rows[0] as { n: number }).n;
}
