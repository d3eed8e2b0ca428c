import { isUnder, type MachineState, type PassChanges } from '@millrace/flow';
import type { BurstWrites, NewAlert, NewTimer, NewWait, StepRow } from '../postgres/commit/burst-writes.ts';
import type { PassResultRow } from '../postgres/commit/write-passes.ts';
import { roughRowSize } from './rough-size.ts';

type SignalOutcome = BurstWrites['signals'][number];
type EndedStep = BurstWrites['endedSteps'][number];

export type OwedWrites = Pick<
  BurstWrites,
  | 'steps'
  | 'waits'
  | 'timers'
  | 'alerts'
  | 'signals'
  | 'endedSteps'
  | 'usedTimers'
  | 'overdueSteps'
  | 'passes'
  | 'closedPasses'
  | 'passResults'
  | 'endedLoops'
>;

/** What a run has decided and done since its last commit, in the form in which it will be written. */
export class Owed {
  #steps = new Map<string, StepRow>();
  #waits = new Map<string, NewWait>();
  #timers = new Map<string, NewTimer>();
  #alerts: NewAlert[] = [];
  #signals: SignalOutcome[] = [];
  #ended: EndedStep[] = [];
  #usedTimers: string[] = [];
  #overdue: { step: string }[] = [];
  #changedPasses = new Set<string>();
  #closedPasses = new Set<string>();
  #passResults: PassResultRow[] = [];
  #endedLoops = new Set<string>();
  #size = 0;
  /** Something that a repeat would not compute again by itself: an effect's result, a used signal or timer. */
  hasResults = false;
  /** What came of a write outside, which a repeat would write again. */
  hasWritten = false;

  /** As it stands now, whatever is added to this one. */
  copy(): Owed {
    const copy = new Owed();
    copy.#steps = new Map(this.#steps);
    copy.#waits = new Map(this.#waits);
    copy.#timers = new Map(this.#timers);
    copy.#alerts = [...this.#alerts];
    copy.#signals = [...this.#signals];
    copy.#ended = [...this.#ended];
    copy.#usedTimers = [...this.#usedTimers];
    copy.#overdue = [...this.#overdue];
    copy.#changedPasses = new Set(this.#changedPasses);
    copy.#closedPasses = new Set(this.#closedPasses);
    copy.#passResults = [...this.#passResults];
    copy.#endedLoops = new Set(this.#endedLoops);
    copy.#size = this.#size;
    copy.hasResults = this.hasResults;
    copy.hasWritten = this.hasWritten;
    return copy;
  }

  get isEmpty(): boolean {
    return this.#steps.size === 0 && !this.hasResults;
  }

  /** Rows that will be written. */
  get rows(): number {
    return this.#steps.size + this.#passResults.length + this.#changedPasses.size + this.#closedPasses.size;
  }

  /** Characters of what flows have put into them, roughly. A row that was replaced by a later one counts too. */
  get size(): number {
    return this.#size;
  }

  /** Ids of the signals and timers that were used up. */
  get consumed(): readonly string[] {
    return [...this.#signals.map(({ id }) => id), ...this.#usedTimers];
  }

  /** Loops whose results are needed no more. */
  get endedLoops(): ReadonlySet<string> {
    return this.#endedLoops;
  }

  /** What passes of a loop have given. */
  resultsOf(loop: string): readonly PassResultRow[] {
    return this.#passResults.filter(({ step }) => step === loop);
  }

  /** The rows, apart from what belongs to the run itself. @param passes the machines of the passes under way */
  writes(passes: Readonly<Record<string, MachineState>> = {}): OwedWrites {
    return {
      steps: [...this.#steps.values()],
      waits: [...this.#waits.values()],
      timers: [...this.#timers.values()],
      alerts: this.#alerts,
      signals: this.#signals,
      endedSteps: this.#ended,
      usedTimers: this.#usedTimers,
      overdueSteps: this.#overdue,
      passes: [...this.#changedPasses].flatMap((key) => (passes[key] ? [{ key, state: passes[key] }] : [])),
      closedPasses: [...this.#closedPasses].map((pass) => ({ pass })),
      passResults: this.#passResults.filter(({ step }) => !this.#endedLoops.has(step)),
      endedLoops: [...this.#endedLoops].map((step) => ({ step })),
    };
  }

  /** What has become of the run's passes. */
  passes({ changed, gone }: PassChanges): void {
    for (const pass of changed) this.#changedPasses.add(pass);
    for (const pass of gone) this.#close(pass);
  }

  passResult(result: PassResultRow): void {
    this.#passResults.push(result);
    this.#size += roughRowSize(result);
  }

  /** The loop's results are needed no more. */
  loopEnded(step: string): void {
    this.#endedLoops.add(step);
  }

  #close(pass: string): void {
    this.#closedPasses.add(pass);
    for (const rows of [this.#waits, this.#timers])
      for (const step of rows.keys()) if (isUnder(pass, step)) rows.delete(step);
  }

  step(row: StepRow): void {
    this.#steps.set(row.key, row);
    this.#size += roughRowSize(row);
  }

  signal(outcome: SignalOutcome): void {
    this.#signals.push(outcome);
    this.hasResults = true;
  }

  timerUsed(id: string): void {
    this.#usedTimers.push(id);
    this.hasResults = true;
  }

  overdue(step: string): void {
    this.#overdue.push({ step });
  }

  openWait(wait: NewWait): void {
    this.#waits.set(wait.step, wait);
  }

  /** The wait could not be opened. */
  withdrawWait(step: string): void {
    this.#waits.delete(step);
  }

  retry(timer: NewTimer): void {
    this.#timers.set(timer.step, timer);
  }

  alert(alert: NewAlert): void {
    this.#alerts.push(alert);
  }

  /** The step waits no longer. A wait that was never written needs no closing. */
  waitEnded(ended: EndedStep): void {
    if (!this.#waits.delete(ended.step)) this.#ended.push(ended);
  }
}
