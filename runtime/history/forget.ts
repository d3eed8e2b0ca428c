import { sweepPayloads } from '../payloads/remove.ts';
import type { PayloadStore } from '../payloads/store.ts';
import type { Database } from '../postgres/database.ts';
import { findOutdated } from '../postgres/history/find-over.ts';
import {
  type Aged,
  deleteAged,
  deleteRuns,
  dropParts,
  makePartsAhead,
  payloadOwners,
} from '../postgres/history/forget.ts';
import { retentionClasses } from '../postgres/history/retention.ts';
import { giveUpPayloads } from '../postgres/payloads/give-up-payloads.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import type { HistorySettings } from './settings.ts';

/** Runs whose payloads are removed together. */
const batch = 500;

/** Forgets everything whose time is up, with what the payload store keeps for it, and makes room for what comes. */
export async function forgetOld(payloads: PayloadStore, settings: HistorySettings): Promise<void> {
  const { database } = payloads;
  await forgetLive(database, settings);
  for (const retention of retentionClasses) {
    const keepMs = settings.keepMs[retention];
    await database.asScanner((tx) => makePartsAhead(tx, retention));
    await removePayloads(database, (limit) =>
      database.asScanner((tx) => payloadOwners(tx, { retention, keepMs, limit })),
    );
    await database.asScanner((tx) => dropParts(tx, retention, keepMs));
  }
  await forgetAged(database, settings);
  await sweepPayloads(payloads);
}

/** Runs that could not be archived, since nobody has dealt with their failure. */
async function forgetLive(database: Database, { keepMs }: HistorySettings): Promise<void> {
  await removePayloads(
    database,
    (limit) => database.byIndex.asScanner((tx) => findOutdated(tx, keepMs, limit)),
    (tenant, runs) => database.asTenants([tenant], (tx) => deleteRuns(tx, runs)),
  );
}

/** The payloads first: what is not known any more would be kept for ever. */
async function removePayloads(
  database: Database,
  next: (limit: number) => Promise<readonly { readonly run: string; readonly tenant: string }[]>,
  then: (tenant: string, runs: readonly string[]) => Promise<void> = async () => undefined,
): Promise<void> {
  for (;;) {
    const owners = await next(batch);
    for (const [tenant, own] of Map.groupBy(owners, (owner) => owner.tenant)) {
      const runs = own.map(({ run }) => run);
      await database.asTenants([tenant], (tx) => giveUpPayloads(tx, runs));
      await then(tenant, runs);
    }
    if (owners.length < batch) return;
  }
}

async function forgetAged(database: Database, settings: HistorySettings): Promise<void> {
  const { keepEventsMs, keepSignalsMs, keepMs } = settings;
  const ages: Readonly<Record<Aged, number>> = {
    eventIds: keepEventsMs,
    answers: keepEventsMs,
    mailboxes: keepEventsMs,
    signals: keepSignalsMs,
    alerts: keepMs.normal,
  };
  for (const tenants of await listTenants(database))
    for (const [what, olderThanMs] of Object.entries(ages) as [Aged, number][])
      while (await database.asTenants(tenants, (tx) => deleteAged(tx, what, olderThanMs)));
}
