import type { JsonObject, MissingRecords } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import {
  countMissing,
  type Deactivation,
  listMissing,
  type MissingRecord,
} from '../postgres/records/missing-records.ts';
import { stageRows } from '../postgres/records/staging.ts';
import { moved } from './lifecycle.ts';
import { checkShare, refused } from './sync-refusals.ts';
import { batchOf, type Syncing, type SyncPlace } from './syncing.ts';
import { validateList } from './validate-list.ts';

export interface GatheredMissing {
  readonly missing: number;
  /** Rows in the staging table. */
  readonly staged: number;
}

/**
 * Gathers what records become that are not among the items, page by page.
 * @throws {MillraceError} `SYNC_TOO_DIFFERENT`, `SYNC_INVALID`
 */
export async function gatherMissing(syncing: Syncing): Promise<GatheredMissing> {
  const { missing, onlyWhere = [] } = syncing.sync;
  if (!missing) return { missing: 0, staged: 0 };
  const { lifecycle } = syncing.place.type;
  const deactivation = { missing, onlyWhere, ...(lifecycle && { field: lifecycle.field }) };
  const count = await syncing.inTenant((tx) => countMissing(tx, syncing.attempt, deactivation));
  checkShare(count, missing);
  let staged = 0;
  if (!becomesSomething(missing)) return { missing: count.missing, staged };
  for await (const page of pages(syncing, deactivation)) staged += await gatherPage(syncing, page, missing);
  return { missing: count.missing, staged };
}

function becomesSomething({ to, set = {} }: MissingRecords): boolean {
  return to !== undefined || Object.keys(set).length > 0;
}

async function* pages({ inTenant, attempt }: Syncing, deactivation: Deactivation): AsyncGenerator<MissingRecord[]> {
  let after = '';
  for (;;) {
    const page = { after, limit: batchOf.items };
    const found = await inTenant((tx) => listMissing(tx, attempt, deactivation, page));
    const last = found.at(-1);
    if (!last) return;
    yield found;
    after = last.id;
  }
}

async function gatherPage(
  { place, validate, inTenant, attempt }: Syncing,
  page: readonly MissingRecord[],
  missing: MissingRecords,
): Promise<number> {
  const { type } = place;
  const movable = page.filter(({ data }) => mayMove(type, data, missing.to));
  const rows = movable.map(({ id, version, data }) => ({
    id,
    item: -1,
    expected: version,
    data: deactivated(place, data, missing),
  }));
  const problems = await validateList(
    validate,
    type,
    rows.map(({ data }) => data),
  );
  if (problems.some((found) => found.length > 0))
    throw refused('SYNC_INVALID', `What missing records become does not fit the record type “${type.id}”.`, {
      pointer: '/missing',
      problems: problems.flat().slice(0, 10),
    });
  await inTenant((tx) => stageRows(tx, attempt, rows));
  return rows.length;
}

function mayMove({ lifecycle }: RecordType, data: JsonObject, to: string | undefined): boolean {
  if (to === undefined || !lifecycle) return true;
  return (lifecycle.transitions[String(data[lifecycle.field])] ?? []).includes(to);
}

function deactivated({ type, now }: SyncPlace, data: JsonObject, { to, set = {} }: MissingRecords): JsonObject {
  return to === undefined ? { ...data, ...set } : moved(type, data, { to, set, at: now });
}
