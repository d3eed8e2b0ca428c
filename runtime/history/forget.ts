import { sweepPayloads } from '../payloads/remove.ts';
import type { PayloadStore } from '../payloads/store.ts';
import type { Database } from '../postgres/database.ts';
import { findOutdated, type OverRun } from '../postgres/history/find-over.ts';
import {
  type Aged,
  deleteAged,
  deleteRuns,
  dropParts,
  makePartsAhead,
  payloadOwners,
} from '../postgres/history/forget.ts';
import { type RetentionClass, retentionClasses } from '../postgres/history/retention.ts';
import { giveUpPayloads } from '../postgres/payloads/give-up-payloads.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import { forgetByTenant } from './forget-by-tenant.ts';
import type { HistorySettings } from './settings.ts';

/** Runs that are forgotten together: each may hold thousands of payloads, whose rows are locked meanwhile. */
const batch = 100;
/** Runs that are found together: what is looked through for them is large, and is looked through each time. */
const found = 5_000;

/** Forgets everything whose time is up, with what the payload store keeps for it alone, and makes room for what comes. */
export async function forgetOld(payloads: PayloadStore, settings: HistorySettings): Promise<void> {
  const { database } = payloads;
  await forgetByTenant(database);
  await forgetLive(database, settings);
  for (const retention of retentionClasses) await forgetArchived(database, retention, settings.keepMs[retention]);
  await forgetAged(database, settings);
  await sweepPayloads(payloads);
}

/** Runs that could not be archived, since nobody has dealt with their failure. */
async function forgetLive(database: Database, { keepMs }: HistorySettings): Promise<void> {
  for (;;) {
    const over = await database.byIndex.asScanner((tx) => findOutdated(tx, keepMs, batch));
    if (over.length === 0 || (await deleteOver(database, over, keepMs)) === 0) return;
  }
}

function deleteOver(database: Database, over: readonly OverRun[], keepMs: HistorySettings['keepMs']): Promise<number> {
  return database.byIndex.asTenants(tenantsOf(over), async (tx) => {
    let deleted = 0;
    for (const [retention, alike] of Map.groupBy(over, (run) => run.retention))
      deleted += await deleteRuns(tx, idsOf(alike), keepMs[retention]);
    return deleted;
  });
}

async function forgetArchived(database: Database, retention: RetentionClass, keepMs: number): Promise<void> {
  await database.asScanner((tx) => makePartsAhead(tx, retention));
  for (;;) {
    const owners = await database.asScanner((tx) => payloadOwners(tx, { retention, keepMs, limit: found }));
    if (owners.length === 0) break;
    for (let at = 0; at < owners.length; at += batch) await giveUp(database, owners.slice(at, at + batch));
  }
  await database.asScanner((tx) => dropParts(tx, retention, keepMs));
}

function giveUp(database: Database, runs: readonly Forgotten[]): Promise<void> {
  return database.byIndex.asTenants(tenantsOf(runs), (tx) => giveUpPayloads(tx, idsOf(runs)));
}

type Forgotten = Pick<OverRun, 'run' | 'tenant'>;

function tenantsOf(runs: readonly Forgotten[]): string[] {
  return [...new Set(runs.map(({ tenant }) => tenant))];
}

function idsOf(runs: readonly Forgotten[]): string[] {
  return runs.map(({ run }) => run);
}

async function forgetAged(database: Database, settings: HistorySettings): Promise<void> {
  const { keepEventsMs, keepSignalsMs, keepMs } = settings;
  const ages: Readonly<Record<Aged, number>> = {
    eventIds: keepEventsMs,
    answers: keepEventsMs,
    mailboxes: keepEventsMs,
    mailboxSignals: keepEventsMs,
    signals: keepSignalsMs,
    alerts: keepMs.normal,
  };
  for (const tenants of await listTenants(database))
    for (const [what, olderThanMs] of Object.entries(ages) as [Aged, number][])
      while (await database.asTenants(tenants, (tx) => deleteAged(tx, what, olderThanMs)));
}
