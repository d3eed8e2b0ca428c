import type { Author } from '../postgres/audit/author.ts';
import type { Database, Tx } from '../postgres/database.ts';
import { isLostConnection } from '../postgres/database-error.ts';
import type { Claimed } from '../postgres/runs/claim-ready.ts';
import { type Inbox, loadInboxes } from '../postgres/runs/load-inboxes.ts';
import { type Lease, loadTaken, type Standing, type TakenRun, takeRuns } from '../postgres/runs/take-runs.ts';
import { type WakeUp, wakeRuns } from '../postgres/runs/wake-up.ts';
import { together } from '../postgres/together.ts';
import type { Admission } from './admission.ts';
import { createDoubts, type Doubt } from './doubts.ts';

/** A run in this process's hands, with what has come for it. One that was just accepted has no inbox. */
export interface InHand {
  readonly run: TakenRun;
  readonly inbox?: Inbox;
}

/** What a transaction may do with runs. They are started when it has committed. */
export interface Hands {
  /** Reserves a place for a run that is about to be stored. */
  admit(tenant: string): boolean;
  /** The admitted run is stored, leased to this process. */
  begin(run: TakenRun): void;
  /** The run is stored, and there was no place for it. */
  leave(run: WakeUp): void;
  /** Takes those of the ready runs for which there is a place. */
  take(ready: readonly WakeUp[]): Promise<void>;
  /** Something has come for the runs, which this transaction has locked: takes those that it can, and wakes the others. */
  rouse(runs: readonly WakeUp[]): Promise<void>;
}

/** Why a ready run was not taken: no place here, or somebody holds it. */
export type Left = 'full' | 'held';

export interface Taking {
  /** @param author in whose name, where the audit is to tell of it */
  transaction<T>(tenants: readonly string[], work: (tx: Tx, hands: Hands) => Promise<T>, author?: Author): Promise<T>;
  /** Starts runs that this process has claimed. */
  claimed(runs: readonly Claimed[]): Promise<void>;
}

/**
 * Takes runs within the very transaction that makes them ready, so that they need no second one.
 * @param start is called for each run once the transaction has committed, and gives the place back at the end
 * @param left is called for ready runs that were not taken, and of which nobody else knows
 */
export function createTaking(
  database: Database,
  lease: Lease,
  admission: Admission,
  start: (taken: InHand) => void,
  left: (run: WakeUp, why: Left) => void,
): Taking {
  const doubts = createDoubts(lease.ms);

  return {
    async transaction(tenants, work, author) {
      const places: string[] = [];
      const takenUp: Doubt[] = [];
      const taken: InHand[] = [];
      const passed: (readonly [run: WakeUp, why: Left])[] = [];
      const reserve = (tenant: string, how: 'admit' | 'admitNew'): boolean => {
        const admitted = admission[how](tenant);
        if (admitted) places.push(tenant);
        return admitted;
      };
      /** Answers those that were left. */
      const take = async (tx: Tx, runs: readonly WakeUp[], standing: Standing): Promise<WakeUp[]> => {
        const { true: admitted = [], false: full = [] } = Object.groupBy(runs, ({ tenant }) =>
          reserve(tenant, 'admit') ? 'true' : 'false',
        );
        const doubtful = doubts.takeUp(admitted.map(({ run }) => run));
        takenUp.push(...doubtful);
        const found = await takeWithin(tx, admitted, lease, standing, doubtful);
        taken.push(...found);
        const ids = new Set(found.map(({ run }) => run.id));
        const held = admitted.filter(({ run }) => !ids.has(run));
        passed.push(...full.map((run) => [run, 'full'] as const), ...held.map((run) => [run, 'held'] as const));
        return [...full, ...held];
      };
      try {
        const { byIndex } = author ? database.by(author) : database;
        const result = await byIndex.asTenants(tenants, (tx) =>
          work(tx, {
            admit: (tenant) => reserve(tenant, 'admitNew'),
            begin(run) {
              takenUp.push(...doubts.takeUp([run.id]));
              taken.push({ run });
            },
            leave: (run) => void passed.push([run, 'full']),
            take: async (ready) => void (await take(tx, ready, 'ready')),
            rouse: async (runs) => wakeRuns(tx, await take(tx, runs, 'roused')),
          }),
        );
        for (const one of taken) {
          places.splice(places.indexOf(one.run.tenant), 1);
          start(one);
        }
        for (const [run, why] of passed) left(run, why);
        return result;
      } catch (error) {
        doubts.add(takenUp);
        if (isLostConnection(error)) doubts.add(taken.map(({ run: { id, token } }) => ({ run: id, token })));
        throw error;
      } finally {
        for (const tenant of places) admission.release(tenant);
      }
    },
    async claimed(runs) {
      const ids = runs.map(({ run }) => run);
      doubts.takeUp(ids);
      const taken = await database.byIndex.asTenants(tenantsOf(runs), (tx) =>
        withInboxes(tx, ids, loadTaken(tx, runs)),
      );
      for (const one of taken) {
        admission.occupy(one.run.tenant);
        start(one);
      }
    },
  };
}

async function takeWithin(
  tx: Tx,
  runs: readonly WakeUp[],
  lease: Lease,
  standing: Standing,
  doubtful: readonly Doubt[],
): Promise<InHand[]> {
  const ids = [...new Set(runs.map(({ run }) => run))];
  return withInboxes(tx, ids, takeRuns(tx, ids, lease, standing, doubtful));
}

async function withInboxes(tx: Tx, ids: readonly string[], taking: Promise<readonly TakenRun[]>): Promise<InHand[]> {
  const [runs, inboxes] = await together([taking, loadInboxes(tx, ids)]);
  return runs.map((run) => ({ run, inbox: inboxes.get(run.id) as Inbox }));
}

export function tenantsOf(things: readonly { readonly tenant: string }[]): string[] {
  return [...new Set(things.map(({ tenant }) => tenant))];
}
