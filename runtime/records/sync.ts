import { randomUUID } from 'node:crypto';
import type { Json, RecordSync, SyncReport } from '@millrace/contract';
import type { Database, Tx } from '../postgres/database.ts';
import { mergeStaged } from '../postgres/records/merge-staged.ts';
import { clearStaging } from '../postgres/records/staging.ts';
import { claimSync, countStaged, loadSyncReport, lockType, saveSyncReport } from '../postgres/records/sync-receipts.ts';
import { type Gathered, gatherItems } from './gather-items.ts';
import { type GatheredMissing, gatherMissing } from './gather-missing.ts';
import { checkGathered, checkTargets, fromDatabase, interrupted } from './sync-refusals.ts';
import type { Syncing, SyncPlace } from './syncing.ts';
import type { Validate } from './validate-list.ts';

/** What a sync stands on. */
export interface SyncTools {
  readonly database: Database;
  readonly validate: Validate;
}

/**
 * Gathers the items in a staging table, validated, batch by batch; then merges all of them into the records in one
 * transaction. Until that transaction nothing has changed, whatever goes wrong.
 * @throws {MillraceError} as `RecordSets.sync` says
 */
export async function syncRecords(
  { database, validate }: SyncTools,
  place: SyncPlace,
  items: AsyncIterable<Json> | Iterable<Json>,
  sync: RecordSync,
): Promise<SyncReport> {
  checkTargets(place.type, sync.missing);
  const { tenant, environment, type } = place;
  const attempt = { id: randomUUID(), tenant, environment, type: type.id };
  const inTenant = <T>(work: (tx: Tx) => Promise<T>) => database.asTenants([tenant], work);
  try {
    const earlier = await inTenant((tx) => loadSyncReport(tx, { tenant, environment, key: sync.key }));
    return earlier ?? (await syncAnew({ place, sync, attempt, validate, inTenant }, items));
  } catch (thrown) {
    throw fromDatabase(thrown);
  }
}

async function syncAnew(syncing: Syncing, items: AsyncIterable<Json> | Iterable<Json>): Promise<SyncReport> {
  const { inTenant, attempt } = syncing;
  try {
    const gathered = await gatherItems(syncing, items);
    checkGathered(syncing, gathered);
    const missing = await gatherMissing(syncing);
    return await inTenant((tx) => merge(tx, syncing, gathered, missing));
  } finally {
    while (await inTenant((tx) => clearStaging(tx, attempt)));
  }
}

async function merge(
  tx: Tx,
  { place, sync, attempt }: Syncing,
  gathered: Gathered,
  missing: GatheredMissing,
): Promise<SyncReport> {
  const { tenant, environment, type, who } = place;
  const key = { tenant, environment, key: sync.key };
  await lockType(tx, key, type.id);
  if (!(await claimSync(tx, key, type.id))) return (await loadSyncReport(tx, key)) as SyncReport;
  if ((await countStaged(tx, attempt.id)) !== gathered.staged + missing.staged) throw interrupted();
  const merged = await mergeStaged(tx, {
    attempt,
    who,
    ...(type.lifecycle && { lifecycle: type.lifecycle }),
    ...(sync.missing && { missing: sync.missing }),
  });
  const { received, invalid, problems } = gathered;
  const unchanged = received - invalid - merged.created - merged.changed;
  const report = { received, ...merged, unchanged, missing: missing.missing, invalid, problems };
  await saveSyncReport(tx, key, report);
  return report;
}
