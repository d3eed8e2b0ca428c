import type { Json } from '@millrace/contract';
import { type Accepted, eventKeys, type NewRun } from '../postgres/runs/accept-runs.ts';
import { newId } from '../postgres/runs/ids.ts';
import { loadRevision } from '../postgres/runs/load-revision.ts';
import { findSignal } from '../postgres/signals/find-signal.ts';
import {
  type MailboxBusy,
  mailboxKeys,
  type NewSignal,
  type StoredSignal,
  storeSignals,
} from '../postgres/signals/store-signals.ts';
import type { Accepting } from '../triggers/accepting.ts';
import { writeForCertain } from './certain-write.ts';
import { crashPoint } from './crash-points.ts';
import type { Engine } from './engine.ts';
import { createGroup } from './group.ts';
import type { KeysInUse } from './keys-in-use.ts';
import { roughSize } from './rough-size.ts';
import { type Taking, tenantsOf } from './taking.ts';

/** At most this many runs or signals are stored at once. */
const most = 200;
/** Characters that they bring, roughly. */
const size = { most: 8 * 1024 * 1024, of: ({ payload }: { readonly payload: Json }) => roughSize(payload) };
/** So long a sender waits while the database is away for a moment. */
const patienceMs = 5_000;

/**
 * What comes from outside: runs and signals, each durable, and known to be, before its sender is told. What comes
 * together is stored together.
 * @param inUse mailboxes that somebody in this process has locked
 */
export function createIncoming(
  taking: Taking,
  accepting: Accepting,
  inUse: KeysInUse,
): Pick<Engine, 'accept' | 'signal'> {
  const runs = createGroup<NewRun, Accepted>(storeRuns, { most, size, keysOf: eventKeys });
  const signals = createGroup<NewSignal, StoredSignal>(storeSignalGroup, { most, size, keysOf: mailboxKeys, inUse });

  return {
    accept(incoming) {
      const run = { ...incoming, id: incoming.id ?? newId() };
      return writeForCertain({
        write: (alone) => (alone ? runs.alone(run) : runs.add(run)),
        landed: () => landedRun(run),
        patienceMs,
      });
    },
    signal(incoming) {
      const signal = { ...incoming, id: incoming.id ?? newId() };
      return writeForCertain({
        // It waits for no lock, so that it holds up nobody when it is tried again among others.
        write: () => signals.add(signal),
        landed: () => landedSignal(signal),
        patienceMs,
      });
    },
  };

  async function storeRuns(members: readonly NewRun[]): Promise<Accepted[]> {
    const accepted = await accepting.transaction(tenantsOf(members), (_tx, accept) => accept(members));
    crashPoint('intake.stored');
    return accepted;
  }

  /** It may have been born in this process's hands, which never learnt of it. */
  function landedRun({ id: run, tenant }: { id: string; tenant: string }): Promise<Accepted | undefined> {
    return taking.transaction([tenant], async (tx, hands) => {
      if ((await loadRevision(tx, run)) === undefined) return undefined;
      await hands.take([{ run, tenant }]);
      return { run, duplicate: false };
    });
  }

  async function storeSignalGroup(members: readonly NewSignal[]): Promise<(StoredSignal | MailboxBusy)[]> {
    const stored = await taking.transaction(tenantsOf(members), (tx, hands) => storeSignals(tx, members, hands.rouse));
    crashPoint('signal.stored');
    return stored;
  }

  function landedSignal({ id, tenant }: { id: string; tenant: string }): Promise<StoredSignal | undefined> {
    return taking.transaction([tenant], async (tx, hands) => {
      const found = await findSignal(tx, id, tenant);
      await hands.take(found?.wakeUp ? [found.wakeUp] : []);
      return found;
    });
  }
}
