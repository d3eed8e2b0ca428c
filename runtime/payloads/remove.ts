import type { Database } from '../postgres/database.ts';
import { findAbandoned } from '../postgres/payloads/find-abandoned.ts';
import { deletePayloads } from '../postgres/payloads/payload.ts';
import { type PayloadPlace, takeAbandoned } from '../postgres/payloads/take-abandoned.ts';
import { keeperOf, storageAt } from './content.ts';

const batch = 500;
const abandonedAfterMs = 86_400_000;

/** What became of payloads that were to be removed; the rest is held by runs, or in somebody's hands. */
export interface Removal {
  readonly removed: readonly string[];
  readonly failures: readonly unknown[];
}

/**
 * Removes those payloads of a tenant that no run holds: they are taken first, so that nobody can claim what is about to
 * go, and their rows go last, so that no content is ever without. What cannot be removed does not keep the rest.
 */
export async function removePayloads(database: Database, tenant: string, ids: readonly string[]): Promise<Removal> {
  const taken = await database.asTenants([tenant], (tx) => takeAbandoned(tx, ids));
  const removed: string[] = [];
  const failures: unknown[] = [];
  for (const payload of taken) {
    const failure = await removeContent(database, payload);
    if (failure === undefined) removed.push(payload.id);
    else failures.push(failure);
  }
  await database.asTenants([tenant], (tx) => deletePayloads(tx, removed));
  return { removed, failures };
}

async function removeContent(database: Database, payload: PayloadPlace): Promise<unknown> {
  try {
    await keeperOf(payload.place, database).remove(payload);
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}

/**
 * Removes what no run holds, or what was never completed, a day after its beginning, of all tenants, and what interrupted
 * writes have left in the present place. What cannot be removed does not keep the rest.
 * @returns how many payloads
 * @throws what the first of those failed with that could not be removed, after the others were
 */
export async function sweepPayloads({ database, place }: { database: Database; place: string }): Promise<number> {
  const before = new Date((await database.now()).getTime() - abandonedAfterMs);
  const without: string[] = [];
  const failures: unknown[] = [];
  let swept = 0;
  for (;;) {
    const found = await database.asScanner((tx) => findAbandoned(tx, { before, without, limit: batch }));
    if (found.length === 0) break;
    for (const [tenant, own] of Map.groupBy(found, (payload) => payload.tenant)) {
      const ids = own.map(({ id }) => id);
      const removal = await removePayloads(database, tenant, ids);
      const gone = new Set(removal.removed);
      without.push(...ids.filter((id) => !gone.has(id)));
      failures.push(...removal.failures);
      swept += gone.size;
    }
  }
  if (place !== 'database') await storageAt(place).sweep(before);
  if (failures.length > 0) throw failures[0];
  return swept;
}
