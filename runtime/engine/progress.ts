import type { ErrorData } from '@millrace/contract';
import {
  type Action,
  activeStep,
  type Decider,
  type Decision,
  decider,
  type LoopAction,
  outstanding,
  type Plan,
  type RunState,
  type StepEvent,
  startRun,
} from '@millrace/flow';
import type { Ending, NewWait } from '../postgres/commit/burst-writes.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { Arrival } from './arrivals.ts';
import type { Clock } from './clock.ts';
import { Owed } from './owed.ts';
import type { Performed } from './perform.ts';
import { type Deed, failedLoopRow, stepRow } from './step-rows.ts';

const taskTypes = ['perform', 'resume', 'nextItem', 'gather', 'passEnded'] as const;

/** What the machine asks for and the engine has to do. All else that it asks for need only be written down. */
export type Task = Extract<Action, { type: (typeof taskTypes)[number] }>;

/**
 * Where a run stands, what is to be done next, and what is owed to the database for its having come there. Events go in,
 * tasks come out; whatever else the machine says is owed with the very event, so that no commit comes between the two.
 */
export class Progress {
  readonly #run: TakenRun;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #tasks: Task[] = [];
  #decider: Decider;
  #owed = new Owed();
  /** Where the run stood before it failed: from there it can be redriven. */
  #beforeFailure: RunState | undefined;
  /** How the run stood, and what it owed, before the first step since its last commit that stores something. */
  #beforeStored: { readonly state: RunState; readonly owed: Owed } | undefined;

  /** @param state where the run's last commit left it; nothing where it has not begun */
  constructor(run: TakenRun, plan: Plan, state: RunState | undefined, clock: Clock) {
    this.#run = run;
    this.#plan = plan;
    this.#clock = clock;
    const begun = state ? { state, actions: outstanding(state) } : begin(run, plan);
    this.#decider = decider(plan, begun.state);
    for (const action of begun.actions) this.#ask(action);
  }

  get state(): RunState {
    return this.#decider.state;
  }

  /** From where the run is taken up again: one that fails, from before it did. */
  get restorable(): RunState {
    return this.#beforeFailure ?? this.state;
  }

  /** How the run has ended, if it has. */
  get ending(): Ending | undefined {
    const { outcome } = this.state;
    if (outcome?.outcome === 'succeeded') return { status: 'succeeded', output: outcome.output };
    return (
      outcome && { status: 'failed', error: outcome.error, ...(outcome.step !== undefined && { step: outcome.step }) }
    );
  }

  get owed(): Owed {
    return this.#owed;
  }

  nextTask(): Task | undefined {
    return this.#tasks.shift();
  }

  /** @returns whether the step was there for it. A signal whose wait has just ended may be matched again by the next. */
  hear({ id, step, kind }: Arrival): boolean {
    const at = this.#now();
    if (kind === 'signal') return !this.#apply({ type: 'signal', step, signalId: id, at }).ignored;
    this.#owed.timerUsed(id);
    if (kind === 'due') this.#owed.overdue(step);
    this.#apply({ type: kind, step, at });
    return true;
  }

  /** @returns whether the step has moved on by what it did: otherwise what it stored does not count */
  settle({ step, input, event, repeats = false, wroteOutside = false, resumed }: Performed): boolean {
    if (event && !repeats) this.#owed.hasResults = true;
    if (event && wroteOutside) this.#owed.hasWritten = true;
    const decision = event && this.#apply(event, input);
    if (resumed)
      this.#owed.signal(resumed.state === 'kept' && !this.#rests(step) ? { ...resumed, state: 'accepted' } : resumed);
    return decision !== undefined && !decision.ignored && !decision.failed;
  }

  /** The step cannot wait: another run waits on the same key already. */
  refuseWait(step: string, error: ErrorData): boolean {
    this.#owed.withdrawWait(step);
    return this.settle({ step, event: { type: 'fail', step, error, at: this.#now() } });
  }

  /** A step that stores something is about to be performed. */
  beforeStored(): void {
    this.#beforeStored ??= { state: this.state, owed: this.#owed.copy() };
  }

  /** Goes back to before anything was stored. @returns whether something had been written outside by then */
  takeBackStored(): boolean {
    const before = this.#beforeStored;
    if (!before?.owed.hasWritten) return false;
    this.#decider = decider(this.#plan, before.state);
    this.#owed = before.owed;
    this.#beforeFailure = undefined;
    this.#beforeStored = undefined;
    return true;
  }

  /** Nothing is owed any more. */
  committed(): void {
    this.#owed = new Owed();
    this.#beforeStored = undefined;
  }

  /** A step that rests before its next attempt will wait again, and then wants the signal that it could not handle. */
  #rests(step: string): boolean {
    return activeStep(this.state, step)?.retryAt !== undefined;
  }

  /** The machine's answer to an event, and what is owed for it. */
  #apply(event: StepEvent, input?: Deed['input']): Decision {
    const stood = this.state;
    const before = activeStep(stood, event.step);
    const decision = this.#decider.decide(event);
    if (decision.ignored || !before) return decision;
    if (decision.state.outcome?.outcome === 'failed') this.#beforeFailure = stood;
    this.#tell({ event, before, actions: decision.actions, input });
    if (!this.#beforeFailure) this.#tellOfPasses(decision, event, before);
    for (const action of decision.actions) this.#ask(action);
    return decision;
  }

  #tell(deed: Deed): void {
    const { event, before } = deed;
    const row = stepRow(this.#plan, deed);
    if (row) this.#owed.step(row);
    if (before.waiting && !activeStep(this.state, event.step)?.waiting)
      this.#owed.waitEnded({ step: event.step, wait: event.type === 'expire' ? 'expired' : 'matched' });
  }

  /** A run that has failed keeps its passes and their results as they were. */
  #tellOfPasses({ passes }: Decision, { step }: StepEvent, before: Deed['before']): void {
    if (passes) this.#owed.passes(passes);
    if (before.passes && !activeStep(this.state, step)) this.#owed.loopEnded(step);
  }

  #ask(action: Action): void {
    if (isTask(action)) this.#tasks.push(action);
    if (action.type === 'openWait') this.#owed.openWait(newWait(action));
    if (action.type === 'retryAt') this.#owed.retry({ step: action.step, kind: 'retry', dueAt: action.at });
    if (action.type === 'alert')
      this.#owed.alert({ ...action, incident: `${this.#run.id}/${action.step}/${action.code}` });
    if (action.type === 'keepResult') this.#owed.passResult(action);
    if (action.type === 'loopFailed') this.#loopFailed(action);
  }

  #loopFailed(action: Extract<LoopAction, { type: 'loopFailed' }>): void {
    this.#owed.step(failedLoopRow(this.#plan, action, this.#now()));
    if (!this.#beforeFailure) this.#owed.loopEnded(action.step);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

function begin({ node, trigger, startedAt }: TakenRun, plan: Plan): Decision {
  return startRun(plan, { node, ...trigger, at: startedAt.toISOString() });
}

function newWait({ step, wait }: Extract<Action, { type: 'openWait' }>): NewWait {
  const { kind, detail, ...rest } = wait;
  return { step, ...rest, detail: detail ?? {} };
}

function isTask(action: Action): action is Task {
  return (taskTypes as readonly string[]).includes(action.type);
}
