import { randomUUID } from 'node:crypto';
import type { Foundation } from '../engine/engine.ts';
import { removePayloads } from '../payloads/remove.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import { countParts, eraseRecords, eraseRemnants, eraseRuns } from '../postgres/erasure/erase.ts';
import type { FoundRecord } from '../postgres/erasure/find-records.ts';
import type { FoundRun } from '../postgres/erasure/find-runs.ts';
import { type FoundData, findPerson } from './find-person.ts';
import { type PersonKey, provenKey, wantedBy } from './person-key.ts';

type Services = Pick<Foundation, 'database' | 'payloads' | 'masterKeys'>;

/** What is erased of a person, and what is not. */
export interface ErasureReport {
  /** By environment and flow. */
  readonly runs: readonly { readonly environment: string; readonly flow: string; readonly count: number }[];
  /** By environment and type. */
  readonly records: readonly { readonly environment: string; readonly type: string; readonly count: number }[];
  /** Of the runs. */
  readonly steps: number;
  /** Of the runs, and of none. */
  readonly signals: number;
  readonly deadLetters: number;
  readonly payloads: number;
  readonly recordVersions: number;
  /** What stays, and why; an erasure that is asked for later takes it. */
  readonly kept: readonly Kept[];
  /** Payloads that are no text, and were not looked into. */
  readonly closed: number;
}

export interface Kept {
  /** As in the API: `runs/…`, `records/customers/4711`, `payloads/…`. */
  readonly what: string;
  readonly why: string;
}

/** What an erasure would erase. @throws {MillraceError} `ERASURE_KEY_INVALID` */
export async function planErasure({ payloads }: Services, tenant: string, key: PersonKey): Promise<ErasureReport> {
  const { database } = payloads;
  const choice = choose(await findPerson(database, tenant, wantedBy(key)));
  return database.asTenants([tenant], (tx) => reportOf(tx, choice));
}

/**
 * Erases what there is of a person, but what runs that have not ended still need.
 * @throws {MillraceError} `ERASURE_KEY_INVALID`
 */
export async function erasePerson(services: Services, tenant: string, key: PersonKey): Promise<ErasureReport> {
  const { payloads, masterKeys } = services;
  const wanted = wantedBy(key);
  const choice = choose(await findPerson(payloads.database, tenant, wanted));
  const report = await services.database.asTenants([tenant], async (tx) => {
    const told = await reportOf(tx, choice);
    const gone = new Set(
      await eraseRuns(
        tx,
        choice.runs.map(({ run }) => run),
      ),
    );
    await eraseRecords(tx, choice.records);
    await eraseRemnants(tx, choice.signals, wanted);
    const { kept, ...erased } = told;
    const after = { key: provenKey(key, tenant, masterKeys), ...erased, kept: kept.length };
    await noteChange(tx, { tenant, action: 'erasures.make', target: `erasures/${randomUUID()}`, after });
    return { ...told, kept: [...kept, ...choice.runs.filter(({ run }) => !gone.has(run)).map(inHand)] };
  });
  const { removed } = await removePayloads(payloads.database, tenant, choice.payloads);
  const left = choice.payloads.filter((id) => !removed.includes(id));
  return { ...report, payloads: removed.length, kept: [...report.kept, ...left.map(heldByOthers)] };
}

interface Choice extends Pick<FoundData, 'signals' | 'payloads' | 'closed'> {
  readonly runs: readonly FoundRun[];
  readonly records: readonly FoundRecord[];
  readonly kept: readonly Kept[];
}

/** While a run with the person's data has not ended, it may read and write the records of its environment. */
function choose({ runs, records, ...rest }: FoundData): Choice {
  const staying = runs.filter(({ stays }) => stays !== null);
  const busy = new Set(staying.map(({ environment }) => environment));
  const needed = records.filter(({ environment }) => busy.has(environment));
  return {
    ...rest,
    runs: runs.filter(({ stays }) => stays === null),
    records: records.filter(({ environment }) => !busy.has(environment)),
    kept: [
      ...staying.map(({ run, stays }) => ({ what: `runs/${run}`, why: stays ?? '' })),
      ...needed.map(({ type, id }) => ({
        what: `records/${type}/${id}`,
        why: 'A run with the same key has not ended, and may need it.',
      })),
    ],
  };
}

async function reportOf(tx: Tx, { runs, records, signals, payloads, closed, kept }: Choice): Promise<ErasureReport> {
  const parts = await countParts(tx, { runs: runs.map(({ run }) => run), records });
  return {
    runs: counted(runs, ({ environment, flow }) => ({ environment, flow })),
    records: counted(records, ({ environment, type }) => ({ environment, type })),
    ...parts,
    signals: parts.signals + signals.length,
    payloads: payloads.length,
    kept,
    closed,
  };
}

function counted<T, G extends object>(
  items: readonly T[],
  groupOf: (item: T) => G,
): readonly (G & { count: number })[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(groupOf(item)));
  return [...groups].map(([group, alike]) => ({ ...(JSON.parse(group) as G), count: alike.length }));
}

function inHand({ run }: FoundRun): Kept {
  return { what: `runs/${run}`, why: 'It has just been set going again.' };
}

function heldByOthers(id: string): Kept {
  return { what: `payloads/${id}`, why: 'Another run holds it too.' };
}
