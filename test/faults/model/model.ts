/** What must become of runs that each wait for an answer on a key: a page to be compared with the engine. */

/** Minutes after which a wait is overdue, and after which it ends. No sum of {@link steps} comes near them. */
export const dueMinutes = 20;
export const expiryMinutes = 60;
/** Minutes by which the clock is turned: real time passes beside it. */
export const steps = [7, 26] as const;

export interface RunModel {
  readonly key: string;
  /** Minutes of the model's clock. */
  waitsSince: number;
  status: 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  /** Where it left its wait. */
  through?: 'answered' | 'expired';
  overdue: boolean;
}

export class Model {
  now = 0;
  answers = 0;
  readonly runs: RunModel[] = [];
  /** Answers that nobody has used yet, by key: the next wait gets the oldest, the others are kept on. */
  readonly #kept = new Map<string, number>();

  openOn(key: string): RunModel | undefined {
    return this.runs.find((run) => run.key === key && run.status === 'waiting');
  }

  start(key: string): void {
    const run: RunModel = { key, waitsSince: this.now, status: 'failed', overdue: false };
    this.#wait(run);
    this.runs.push(run);
  }

  /** A failed run goes on from its wait. */
  redrive(run: RunModel): void {
    this.#wait(run);
  }

  #wait(run: RunModel): void {
    if (this.openOn(run.key)) return;
    Object.assign(run, { status: 'waiting', waitsSince: this.now });
    const kept = this.#kept.get(run.key) ?? 0;
    if (kept === 0) return;
    this.#kept.set(run.key, kept - 1);
    Object.assign(run, { status: 'succeeded', through: 'answered' });
  }

  answer(key: string): void {
    const run = this.openOn(key);
    if (run) Object.assign(run, { status: 'succeeded', through: 'answered' });
    else this.#kept.set(key, (this.#kept.get(key) ?? 0) + 1);
  }

  pass(minutes: number): void {
    this.now += minutes;
    for (const run of this.runs.filter(({ status }) => status === 'waiting')) {
      const waited = this.now - run.waitsSince;
      run.overdue ||= waited >= dueMinutes;
      if (waited >= expiryMinutes) Object.assign(run, { status: 'succeeded', through: 'expired' });
    }
  }
}
