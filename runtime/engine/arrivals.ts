import type { Signal } from '@millrace/contract';
import type { Database } from '../postgres/database.ts';
import { type DueTimer, type Inbox, loadInboxes } from '../postgres/runs/load-inboxes.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { Clock } from './clock.ts';
import { type Hearing, LeaseLost } from './hold.ts';

/** Something that has come for a step of the run. */
export interface Arrival {
  readonly id: string;
  readonly step: string;
  readonly kind: 'signal' | DueTimer['kind'];
  readonly at: Date;
}

/**
 * What has come for a run, in the order in which it happened. It stays in the run's inbox until a commit uses it up, so
 * what was heard since the last commit is found there again, and passed over.
 */
export class Arrivals {
  readonly #run: TakenRun;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #hearing: Hearing;
  #unheard: Arrival[] = [];
  /** Those that the inbox has still. */
  readonly #heard = new Set<string>();
  readonly #signals = new Map<string, Signal>();
  #wake: number;
  #isCancelled: boolean;

  constructor(run: TakenRun, database: Database, clock: Clock, hearing: Hearing) {
    this.#run = run;
    this.#database = database;
    this.#clock = clock;
    this.#hearing = hearing;
    this.#wake = run.wake;
    this.#isCancelled = run.cancel;
  }

  /** The run's wake counter when its inbox was read: a higher one tells that something has come since. */
  get wake(): number {
    return this.#wake;
  }

  /** The run shall end as cancelled. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
  }

  /** @throws {LeaseLost} where the run is no more */
  async read(): Promise<void> {
    this.#hearing.noted();
    const { id, tenant } = this.#run;
    const inboxes = await this.#database.byIndex.asTenants([tenant], (tx) => loadInboxes(tx, [id]));
    const inbox = inboxes.get(id);
    if (!inbox) throw new LeaseLost(id);
    this.open(inbox);
  }

  /** An inbox that was just read. */
  open({ now, wake, cancel, signals, timers }: Inbox): void {
    this.#clock.observe(now);
    this.#wake = wake;
    this.#isCancelled = cancel;
    for (const signal of signals) this.#signals.set(signal.id, signal);
    this.#unheard = [
      ...signals.map(({ id, step, receivedAt }) => ({ id, step, kind: 'signal' as const, at: receivedAt })),
      ...timers.map(({ id, step, kind, dueAt }) => ({ id, step, kind, at: dueAt })),
    ]
      .filter(({ id }) => !this.#heard.has(id))
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  /** What came first, apart from what is for a step that is still busy with what came before. It stays until it is taken. */
  first(isBusy: (step: string) => boolean): Arrival | undefined {
    return this.#unheard.find(({ step }) => !isBusy(step));
  }

  /** @param isHeard otherwise it may come again: its step was not there for it */
  take(arrival: Arrival, isHeard: boolean): void {
    this.#unheard.splice(this.#unheard.indexOf(arrival), 1);
    if (isHeard) this.#heard.add(arrival.id);
  }

  /** A commit has taken them out of the inbox. */
  usedUp(ids: readonly string[]): void {
    for (const id of ids) this.#heard.delete(id);
  }

  signal(id: string): Signal | undefined {
    return this.#signals.get(id);
  }
}
