import type { Database, Tx } from '../postgres/database.ts';
import { heldBy, holdersOf } from '../postgres/erasure/find-payloads.ts';
import { type FoundRecord, searchRecords } from '../postgres/erasure/find-records.ts';
import { type FoundRun, loadFoundRuns, searchRuns } from '../postgres/erasure/find-runs.ts';
import { searchSignals } from '../postgres/erasure/find-signals.ts';
import type { Wanted } from './person-key.ts';
import { searchPayloads } from './search-payloads.ts';

/** What there is of a person. */
export interface FoundData {
  /** With all that belongs to them. */
  readonly runs: readonly FoundRun[];
  readonly records: readonly FoundRecord[];
  /** Ids of signals that belong to no run. */
  readonly signals: readonly string[];
  /** Ids of payloads that no run needs still: those that have the value in them, and all that the runs hold. */
  readonly payloads: readonly string[];
  /** How many payloads cannot be looked into. */
  readonly closed: number;
}

/** Before the first. */
const beginning = '00000000-0000-0000-0000-000000000000';

/**
 * Looks through all that a tenant keeps. What a run holds anywhere counts for the whole run: where a step has the key, others
 * have what else is known of the person.
 * @param database that may read what anybody has stored
 */
export async function findPerson(database: Database, tenant: string, wanted: Wanted): Promise<FoundData> {
  const inTenant = <T>(work: (tx: Tx) => Promise<T>) => database.asTenants([tenant], work);
  const payloads = await searchPayloads(database, tenant, wanted);
  const runs = new Map<string, FoundRun>();
  const note = (found: readonly FoundRun[]) => {
    for (const each of found) runs.set(each.run, each);
  };
  note(await inTenant(async (tx) => loadFoundRuns(tx, await holdersOf(tx, payloads.found))));
  await pages<string>(beginning, async (after) => {
    const { found, last } = await inTenant((tx) => searchRuns(tx, wanted, after));
    note(found);
    return last;
  });
  const records = new Map<string, FoundRecord>();
  for (const table of ['record', 'record_history'] as const)
    await pages<FoundRecord | undefined>(undefined, async (after) => {
      const { found, last } = await inTenant((tx) => searchRecords(tx, table, wanted, after));
      for (const record of found) records.set(addressOf(record), record);
      return last;
    });
  const signals: string[] = [];
  await pages<string>(beginning, async (after) => {
    const { found, last } = await inTenant((tx) => searchSignals(tx, wanted, after));
    signals.push(...found);
    return last;
  });
  const all = [...runs.values()];
  const heldWhere = (isGoing: boolean) =>
    inTenant((tx) =>
      heldBy(
        tx,
        all.filter(({ stays }) => (stays === null) === isGoing).map(({ run }) => run),
      ),
    );
  const [going, staying] = [await heldWhere(true), new Set(await heldWhere(false))];
  const held = new Set([...payloads.found, ...going].filter((id) => !staying.has(id)));
  return {
    runs: all,
    records: [...records.values()],
    signals,
    payloads: [...held],
    closed: payloads.closed.filter((id) => !held.has(id)).length,
  };
}

function addressOf({ environment, type, id }: FoundRecord): string {
  return `${environment}/${type}/${id}`;
}

/** From page to page, until there is nothing behind the last one. */
async function pages<T>(first: T, look: (after: T) => Promise<T | undefined>): Promise<void> {
  let after: T | undefined = first;
  do after = await look(after);
  while (after !== undefined);
}
