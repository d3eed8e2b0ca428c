import type { Database } from '../postgres/database.ts';
import { abandonedPayloads, type PayloadPlace, payloadById } from '../postgres/payloads/find-payloads.ts';
import { deletePayloads } from '../postgres/payloads/payload.ts';
import { keeperOf, storageAt } from './content.ts';

const batch = 500;
const abandonedAfterMs = 86_400_000;

/** Removes payloads of one tenant: their content first, so that a row is there for as long as there is content. */
export async function removePayloads(database: Database, payloads: readonly PayloadPlace[]): Promise<void> {
  const [any] = payloads;
  if (!any) return;
  for (const [place, inPlace] of Map.groupBy(payloads, (payload) => payload.place))
    await keeperOf(place, database).remove(inPlace);
  const ids = payloads.map(({ id }) => id);
  await database.asTenants([any.tenant], (tx) => deletePayloads(tx, ids));
}

/**
 * Removes what a day after its beginning no run holds or was never completed, of all tenants, and what interrupted
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
    const found = await database.asScanner((tx) => abandonedPayloads(tx, { before, without, limit: batch }));
    if (found.length === 0) break;
    for (const { tenant, id } of found) {
      const failure = await removeAbandoned(database, tenant, id);
      if (failure === undefined) swept++;
      else {
        failures.push(failure);
        without.push(id);
      }
    }
  }
  if (place !== 'database') await storageAt(place).sweep(before);
  if (failures.length > 0) throw failures[0];
  return swept;
}

async function removeAbandoned(database: Database, tenant: string, id: string): Promise<unknown> {
  try {
    const found = await database.asTenants([tenant], (tx) => payloadById(tx, id));
    if (found) await removePayloads(database, [found]);
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}
