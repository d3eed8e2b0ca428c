import { MillraceError } from '@millrace/contract';
import type { Database, Tx } from '../postgres/database.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import {
  countByKey,
  lockSealedOtherwise,
  replaceSealed,
  type SealedPlace,
  sealedPlaces,
} from '../postgres/secrets/sealed-rows.ts';
import { type MasterKeys, open, seal } from './envelope.ts';

/** Secrets that change their key in one transaction. Whoever uses one of them meanwhile does not wait: it is only read. */
const together = 100;

/**
 * Seals all that is sealed under another key anew under the present one, group by group, so that an interrupted rotation
 * goes on where it was when it is begun again. Answers how many secrets there were.
 * @throws {MillraceError} `MASTER_KEY_UNKNOWN`, `SECRET_UNREADABLE`; what was sealed anew stays so
 */
export async function resealAll(database: Database, masterKeys: MasterKeys): Promise<number> {
  let resealed = 0;
  for (const tenants of await listTenants(database))
    for (const place of sealedPlaces) resealed += await resealPlace(database, masterKeys, tenants, place);
  return resealed;
}

async function resealPlace(
  database: Database,
  masterKeys: MasterKeys,
  tenants: readonly string[],
  place: SealedPlace,
): Promise<number> {
  let resealed = 0;
  for (let last = together; last === together; resealed += last)
    last = await database.asTenants(tenants, (tx) => resealSome(tx, masterKeys, place));
  return resealed;
}

async function resealSome(tx: Tx, masterKeys: MasterKeys, place: SealedPlace): Promise<number> {
  const rows = await lockSealedOtherwise(tx, place, masterKeys.current().id, together);
  for (const { id, owner, ...sealed } of rows)
    await replaceSealed(tx, place, id, seal(open(sealed, owner, masterKeys), owner, masterKeys));
  return rows.length;
}

/** True where all that is sealed is sealed under the present key. */
export async function isSealedAnew(database: Database, masterKeys: MasterKeys): Promise<boolean> {
  const present = masterKeys.current().id;
  return [...(await keysInUse(database)).keys()].every((id) => id === present);
}

/** Master key's id → how many secrets are sealed under it. */
export function keysInUse(database: Database): Promise<Map<string, number>> {
  return database.asScanner(countByKey);
}

/**
 * Refuses an instance that lacks a key: better at once than at each use of a secret.
 * @param name where the keys come from, for people
 * @throws {MillraceError} `MASTER_KEY_MISSING` naming every key that is missing
 */
export function requireKeys(inUse: Iterable<string>, masterKeys: Pick<MasterKeys, 'find'>, name: string): void {
  const missing = [...inUse].filter((id) => masterKeys.find(id) === undefined);
  if (missing.length === 0) return;
  const keys = missing.map((id) => `“${id}”`).join(', ');
  throw new MillraceError(
    'MASTER_KEY_MISSING',
    `Secrets in this database are sealed under the master key ${keys}, which ${name} does not hold: bring it along from where the database comes from. Where it is lost for good, “millrace keys give-up” says what goes with it.`,
    { category: 'auth', details: { keys: missing } },
  );
}
