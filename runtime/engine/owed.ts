import type { Json } from '@millrace/contract';
import type { Action, PlanStep, RunState, StepEvent } from '@millrace/flow';
import type { BurstWrites, NewAlert, NewTimer, NewWait, StepRow } from '../postgres/commit/burst-writes.ts';

type SignalOutcome = BurstWrites['signals'][number];
type EndedStep = BurstWrites['endedSteps'][number];

/** What a run has decided and done since its last commit, in the form in which it will be written. */
export class Owed {
  readonly #steps = new Map<string, StepRow>();
  readonly #waits = new Map<string, NewWait>();
  readonly #timers = new Map<string, NewTimer>();
  readonly #alerts: NewAlert[] = [];
  readonly #signals: SignalOutcome[] = [];
  readonly #ended: EndedStep[] = [];
  readonly #usedTimers: string[] = [];
  readonly #overdue: { step: string }[] = [];
  /** Something that a repeat would not compute again by itself: an effect's result, a used signal or timer. */
  hasResults = false;

  get isEmpty(): boolean {
    return this.#steps.size === 0 && !this.hasResults;
  }

  /** The rows, apart from what belongs to the run itself. */
  writes(): Pick<
    BurstWrites,
    'steps' | 'waits' | 'timers' | 'alerts' | 'signals' | 'endedSteps' | 'usedTimers' | 'overdueSteps'
  > {
    return {
      steps: [...this.#steps.values()],
      waits: [...this.#waits.values()],
      timers: [...this.#timers.values()],
      alerts: this.#alerts,
      signals: this.#signals,
      endedSteps: this.#ended,
      usedTimers: this.#usedTimers,
      overdueSteps: this.#overdue,
    };
  }

  step(row: StepRow): void {
    this.#steps.set(row.key, row);
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

/** The history row of a step after an event, as the decision left it. */
export function stepRow(
  step: PlanStep,
  before: RunState['context']['active'][string],
  event: StepEvent,
  actions: readonly Action[],
  input: Json | undefined,
): StepRow {
  const row = {
    key: step.key,
    node: step.nodeId,
    attempts: before.failures + 1,
    startedAt: before.activatedAt,
    ...(input !== undefined && { input }),
  };
  if (event.type === 'wait') return { ...row, status: 'waiting' };
  if (event.type === 'emit')
    return { ...row, status: 'done', finishedAt: event.at, port: event.port, output: event.data };
  if (event.type === 'expire') return { ...row, status: 'done', finishedAt: event.at, port: 'expired' };
  if (event.type !== 'fail') return { ...row, status: 'running' };
  const retry = actions.find((action) => action.type === 'retryAt' && action.step === step.key);
  return retry?.type === 'retryAt'
    ? { ...row, status: 'retrying', error: event.error, nextRetryAt: retry.at }
    : { ...row, status: 'failed', finishedAt: event.at, error: event.error };
}
