import { randomUUID } from 'node:crypto';
import type { Json, RecordSync, SyncChange, SyncItem, SyncReport } from '@millrace/contract';
import type { Database, Tx } from '../postgres/database.ts';
import { type Merge, type Merged, mergeStaged } from '../postgres/records/merge-staged.ts';
import { clearStaging } from '../postgres/records/staging.ts';
import { claimSync, countStaged, loadSyncReport, lockType, saveSyncReport } from '../postgres/records/sync-receipts.ts';
import { type Gathered, gatherItems } from './gather-items.ts';
import { type GatheredMissing, gatherMissing } from './gather-missing.ts';
import { stampOf } from './lifecycle.ts';
import { checkChanged, checkGathered, checkTargets, fromDatabase, interrupted } from './sync-refusals.ts';
import type { Syncing, SyncPlace } from './syncing.ts';
import { turns } from './turns.ts';
import type { Validate } from './validate-list.ts';

/** What a sync stands on. */
export interface SyncTools {
  readonly database: Database;
  readonly validate: Validate;
}

/** A merge that lists its changes needs a second connection while it has one: all of them merging would wait for ever. */
const mergeInTurn = turns(3);

/**
 * Gathers the items in a staging table, validated, batch by batch; then merges all of them into the records in one
 * transaction. Until that transaction nothing has changed, whatever goes wrong.
 * @throws {MillraceError} as `RecordSets.sync` says
 */
export async function syncRecords(
  { database, validate }: SyncTools,
  place: SyncPlace,
  items: AsyncIterable<SyncItem> | Iterable<SyncItem>,
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

async function syncAnew(syncing: Syncing, items: AsyncIterable<SyncItem> | Iterable<SyncItem>): Promise<SyncReport> {
  const { inTenant, attempt } = syncing;
  try {
    const gathered = await gatherItems(syncing, items);
    checkGathered(syncing, gathered);
    const missing = await gatherMissing(syncing);
    return await mergeInTurn(() => inTenant((tx) => merge(tx, syncing, gathered, missing)));
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
  const { tenant, environment, type } = place;
  const key = { tenant, environment, key: sync.key };
  await lockType(tx, key, type.id);
  if (!(await claimSync(tx, key, type.id))) return (await loadSyncReport(tx, key)) as SyncReport;
  if ((await countStaged(tx, attempt.id)) !== gathered.staged + missing.staged) throw interrupted();
  const merged = { created: 0, changed: 0, left: 0, deactivated: 0 };
  const changes = await listed(sync, mergeStaged(tx, mergeOf({ place, sync, attempt }), merged));
  const report = reportOf(gathered, missing, merged, changes);
  checkChanged(report, sync);
  await saveSyncReport(tx, key, report);
  return report;
}

function mergeOf({ place: { type, who, now }, sync, attempt }: Pick<Syncing, 'place' | 'sync' | 'attempt'>): Merge {
  const { missing, keepOthers, onChange = {}, onlyWhere = [] } = sync;
  return {
    attempt,
    who,
    onChange,
    onlyWhere,
    lists: sync.listChanges !== undefined,
    ...(type.lifecycle && { lifecycle: type.lifecycle }),
    ...(missing && { missing: { ...missing, stamp: stampOf(type, missing.back, now) } }),
    ...(keepOthers && { keepOthers }),
  };
}

/** Nothing is merged but by reading what the merge gives. */
async function listed(sync: RecordSync, changes: AsyncGenerator<SyncChange>): Promise<Json | undefined> {
  if (sync.listChanges) return sync.listChanges(changes);
  for await (const _change of changes);
  return undefined;
}

function reportOf(
  { received, invalid, problems }: Gathered,
  { missing }: GatheredMissing,
  merged: Merged,
  changes: Json | undefined,
): SyncReport {
  const unchanged = received - invalid - merged.created - merged.changed - merged.left;
  return { received, ...merged, unchanged, missing, invalid, problems, ...(changes !== undefined && { changes }) };
}
