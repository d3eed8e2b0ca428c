/*
 * One worker's hold on one run: decide, perform, decide … until the run waits or ends, with one commit for all of it.
 * Long because the order of these few steps is what the engine's promises rest on; it belongs on one page.
 */
import { type Effect, type Json, MillraceError, type Signal } from '@millrace/contract';
import {
  type Action,
  type ActiveStep,
  activeStep,
  type Decider,
  type Decision,
  decider,
  dehydrate,
  type LoopAction,
  loopOf,
  outstanding,
  type Plan,
  placeOf,
  type RunState,
  type StepEvent,
  startRun,
  stepKey,
  stepOf,
  withoutUnread,
} from '@millrace/flow';
import type { LargeValues } from '../payloads/large-values.ts';
import type { BurstWrites, Ending, StepRow } from '../postgres/commit/burst-writes.ts';
import type { Committed } from '../postgres/commit/commit-bursts.ts';
import { type DueTimer, type Inbox, loadInboxes } from '../postgres/runs/load-inboxes.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import { crashPoint } from './crash-points.ts';
import { effectOfStep } from './effect.ts';
import { type Hearing, LeaseLost } from './hold.ts';
import type { Loops } from './loops.ts';
import { outlasting } from './outage.ts';
import { type InputTrace, Owed, type OwedWrites, stepRow } from './owed.ts';
import { guardedEvent, listOf, type Performed, performStep, type StepWork, type Tools } from './perform.ts';
import { offloaded, offloadIfLarge } from './stored-state.ts';
import type { InHand } from './taking.ts';

/** Something came for the run: fed to the machine one at a time, in the order in which it happened. */
type Arrival = { readonly id: string; readonly at: Date } & (
  | { readonly signal: Inbox['signals'][number] }
  | { readonly timer: DueTimer }
);

/** What was under way has come to its end. */
interface Done {
  readonly what: string;
  readonly performed: Performed;
}

type TracedInput = NonNullable<Parameters<typeof stepRow>[4]>;

/** Why work that is still under way is called off; an error of the platform's own making is costly. */
const ended = new Error('The run has ended.');

/** Commit what is owed when an effect takes longer than this, so that the run can be watched. */
const patienceMs = 250;
/** Passes of a loop whose steps are kept in the history. */
const passesTold = 1_000;
/** Commit when so many rows or characters are owed, so that a long run needs no more memory than a short one. */
const mostOwed = { rows: 2_000, size: 4 * 1024 * 1024 };

export class Burst {
  readonly #run: TakenRun;
  readonly #plan: Plan;
  readonly #tools: Tools;
  readonly #hearing: Hearing;
  /** Calls off what is under way, when the run has ended or is lost. */
  readonly #work = new AbortController();
  /** What is being done, by what it is. */
  readonly #inFlight = new Map<string, Promise<Done>>();
  readonly #loops: Loops;
  #decider: Decider;
  #actions: Action[] = [];
  #arrivals: Arrival[] = [];
  #signals = new Map<string, Signal>();
  /** Signals and timers that were taken out of the inbox, and whose use is not committed yet. */
  readonly #heard = new Set<string>();
  /** Where the run stood before it failed: from there it can be redriven. */
  #beforeFailure: RunState | undefined;
  #owed = new Owed();
  /** How the run stood, and what it owed, before the first step since its last commit that writes records. */
  #beforeStored: { readonly state: RunState; readonly owed: Owed } | undefined;
  #revision: number;
  #wakeSeen: number;
  /** After a take-over any step may have been performed by the dead worker without a trace. */
  readonly #untraced: boolean;
  #cancelled: boolean;

  /** @param state where the run's last commit left it; nothing where it has not begun */
  constructor(
    { run, inbox }: InHand,
    plan: Plan,
    state: RunState | undefined,
    loops: Loops,
    tools: Tools,
    hearing: Hearing,
  ) {
    this.#run = run;
    this.#plan = plan;
    this.#tools = tools;
    this.#hearing = hearing;
    hearing.lost.addEventListener('abort', () => this.#work.abort(hearing.lost.reason), { once: true });
    this.#revision = run.revision;
    this.#wakeSeen = run.wake;
    this.#untraced = run.takenOver || run.redrive;
    this.#cancelled = run.cancel;
    this.#loops = loops;
    if (state) {
      this.#decider = decider(plan, state);
      this.#actions = [...outstanding(state)];
    } else {
      const { node, trigger, startedAt } = run;
      const begun = startRun(plan, { node, ...trigger, at: startedAt.toISOString() });
      this.#decider = decider(plan, begun.state);
      this.#actions = [...begun.actions];
    }
    if (inbox) this.#open(inbox);
  }

  get #state(): RunState {
    return this.#decider.state;
  }

  /** Runs until the run is parked or ended. @throws {LeaseLost} */
  async drive(): Promise<void> {
    crashPoint('burst.restored');
    this.#hearing.lost.throwIfAborted();
    for (;;) {
      await this.#act();
      const ending = this.#ending();
      if (ending) return this.#end(ending);
      if (this.#owesMuch()) {
        await this.#commit('continue');
        continue;
      }
      const arrival = this.#nextArrival();
      if (arrival) this.#take(arrival);
      else if (this.#inFlight.size > 0) await this.#whatComesNext();
      else if (await this.#park()) return;
    }
  }

  #owesMuch(): boolean {
    const { runs, records } = this.#tools;
    return this.#owed.rows > mostOwed.rows || this.#owed.size + runs.size + records.size > mostOwed.size;
  }

  /** Not where something has come for the run. */
  async #park(): Promise<boolean> {
    const { outcome, inbox } = await this.#commit('park');
    if (outcome === 'parked') return true;
    if (inbox) this.#open(inbox);
    else await this.#readInbox();
    return false;
  }

  /** Does what the machine has asked for; steps run side by side. */
  async #act(): Promise<void> {
    for (let action = this.#actions.shift(); action; action = this.#actions.shift()) {
      if (action.type === 'perform') await this.#perform(action.step);
      if (action.type === 'resume') await this.#resume(action);
      if (action.type === 'openWait') this.#owed.openWait(newWait(action));
      if (action.type === 'retryAt') this.#owed.retry({ step: action.step, kind: 'retry', dueAt: action.at });
      if (action.type === 'alert')
        this.#owed.alert({ ...action, incident: `${this.#run.id}/${action.step}/${action.code}` });
      if (isLoopAction(action)) await this.#loop(action);
    }
  }

  async #resume({ step, signalId }: Extract<Action, { type: 'resume' }>): Promise<void> {
    const resume = this.#signals.get(signalId);
    await this.#perform(step, resume ? { resume } : {});
  }

  async #loop(action: LoopAction): Promise<void> {
    const { step } = action;
    const passes = activeStep(this.#state, step)?.passes;
    switch (action.type) {
      case 'nextItem':
        return this.#begin(`${step}[${action.index}]`, this.#item(step, action.index));
      case 'passEnded':
        if (passes?.kind === 'pass' && 'output' in action) return this.#perform(step, { passEnded: action });
        this.#loops.keep(step, action.index, action);
        return this.#owed.passResult(action);
      case 'gather':
        return passes?.kind === 'each' ? this.#begin(step, this.#gather(step, passes)) : undefined;
      case 'loopFailed':
        this.#owed.step(failedLoopRow(this.#plan, action, this.#now()));
        // If the run has failed with it, it goes on from there when it is redriven.
        return this.#beforeFailure ? undefined : this.#endLoop(step);
      case 'dropPasses':
        return undefined;
    }
  }

  /** What is done under way; its outcome is fed to the machine when it comes. */
  #begin(what: string, doing: Promise<Performed>): void {
    const done = doing.then((performed) => ({ what, performed }));
    // Whoever waits for it hears of its breaking off; until then somebody else may be waited for.
    done.catch(() => undefined);
    this.#inFlight.set(what, done);
  }

  /** A step that reads or puts together what a loop needs. Which item came when is a fact that no repeat would find again. */
  #reading(step: string, read: () => Promise<StepEvent>): Promise<Performed> {
    return guardedEvent({ run: this.#run.id, step }, read, this.#tools).then((event) => ({ step, event }));
  }

  #item(step: string, index: number): Promise<Performed> {
    const list = () => listOf(this.#workOn(step), this.#tools);
    return this.#reading(step, async () => {
      const found = await this.#loops.item(step, index, list);
      const about = { step, index, at: this.#now() };
      return found ? { type: 'item', ...about, input: found.value } : { type: 'noItem', ...about };
    });
  }

  #gather(step: string, passes: Parameters<Loops['gather']>[1]): Promise<Performed> {
    return this.#reading(step, async () => {
      const data = await this.#loops.gather(step, passes);
      return { type: 'emit', step, port: passes.failed === 0 ? 'out' : 'partial', data, at: this.#now() };
    });
  }

  #endLoop(step: string): void {
    this.#loops.forget(step);
    this.#owed.loopEnded(step);
  }

  #now(): string {
    return this.#tools.clock.now().toISOString();
  }

  async #perform(step: string, what: Pick<StepWork, 'resume' | 'passEnded'> = {}): Promise<void> {
    if (this.#isWanted(step) && this.#mustCommitBefore(step)) await this.#commit('continue');
    // The commit may have told of a cancellation, or refused a wait by which the run has failed.
    if (!this.#isWanted(step)) return;
    const isStored = this.#effectOf(step) === 'stored';
    if (isStored) this.#beforeStored ??= { state: this.#state, owed: this.#owed.copy() };
    const performed = performStep({ ...this.#workOn(step), ...what }, this.#tools);
    // What a step writes into the records belongs to its transition: no commit may come between the two.
    if (isStored) this.#settle(await performed);
    else this.#begin(step, performed);
  }

  #isWanted(step: string): boolean {
    return !this.#cancelled && activeStep(this.#state, step) !== undefined;
  }

  /** Whether what is owed has to be committed before the step is performed. */
  #mustCommitBefore(step: string): boolean {
    // Whoever reads the outside world's traces must find what led to them.
    return this.#writesOutside(step) && (this.#owed.hasResults || this.#tools.records.pending().length > 0);
  }

  #workOn(step: string): StepWork {
    return {
      run: this.#run,
      plan: this.#plan,
      state: this.#state,
      step,
      repeated: this.#untraced || (activeStep(this.#state, step)?.failures ?? 0) > 0,
      abort: this.#work.signal,
    };
  }

  #effectOf(step: string): Effect | undefined {
    return effectOfStep(this.#tools.foundation.catalogue, this.#plan, step);
  }

  #writesOutside(step: string): boolean {
    return ['idempotent-write', 'unsafe-write'].includes(this.#effectOf(step) ?? '');
  }

  /** A step's outcome, or news for the run: another branch may be waiting for it while this one's effect takes its time. */
  async #whatComesNext(): Promise<void> {
    const steps = Promise.race(this.#inFlight.values());
    const news = this.#hearing.news().then(() => 'news' as const);
    const first = (await within<Done | 'news'>(patienceMs, steps, news)) ?? (await this.#showProgress(steps, news));
    this.#hearing.lost.throwIfAborted();
    if (!first) return;
    if (first === 'news') return this.#readInbox();
    this.#inFlight.delete(first.what);
    this.#settle(first.performed);
  }

  /** Nothing where the run ends by what the commit has told: a cancellation, or a wait that was refused. */
  async #showProgress(steps: Promise<Done>, news: Promise<'news'>): Promise<Done | 'news' | undefined> {
    if (!this.#owed.isEmpty && this.#isOutside()) await this.#commit('continue');
    return this.#ending() ? undefined : Promise.race([steps, news]);
  }

  /**
   * Whether what is under way takes its time outside. What computes or looks at records does not: a commit in between would
   * part the look from the write that rests on it, which no conflict would then undo.
   */
  #isOutside(): boolean {
    return !this.#tools.records.isReading && [...this.#inFlight.keys()].some((what) => this.#effectOf(what) !== 'pure');
  }

  #settle(performed: Performed): void {
    this.#hearing.lost.throwIfAborted();
    const { step, event, resumed } = performed;
    if (event) this.#account(event, performed);
    else this.#discard(step);
    if (resumed)
      this.#owed.signal(resumed.state === 'kept' && !this.#rests(step) ? { ...resumed, state: 'accepted' } : resumed);
  }

  #account(event: StepEvent, { input, repeats = false }: Pick<Performed, 'input' | 'repeats'> = {}): void {
    if (!repeats) this.#owed.hasResults = true;
    if (this.#writesOutside(event.step)) this.#owed.hasWritten = true;
    const { ignored, failed } = this.#apply(event, input);
    if (ignored || failed) this.#discard(event.step);
  }

  /** What a step has written counts with its transition alone: not where it has failed, whatever it said itself. */
  #discard(step: string): void {
    this.#tools.records.discard(step);
    this.#tools.runs.discard(step);
    this.#tools.alerts.discard(step);
  }

  /** A step that rests before its next attempt will wait again, and then wants the signal that it could not handle. */
  #rests(step: string): boolean {
    return activeStep(this.#state, step)?.retryAt !== undefined;
  }

  /** The machine's answer to an event, and what it owes to the history. */
  #apply(event: StepEvent, input?: Performed['input']): Decision {
    const stood = this.#state;
    const before = activeStep(stood, event.step);
    const decision = this.#decider.decide(event);
    if (decision.ignored || !before) return decision;
    this.#actions.push(...decision.actions);
    // A run that fails keeps its passes and their results as they were, to go on from there when it is redriven.
    if (decision.state.outcome?.outcome === 'failed') this.#beforeFailure = stood;
    else {
      if (decision.passes) this.#owed.passes(decision.passes);
      if (before.passes && !activeStep(this.#state, event.step)) this.#endLoop(event.step);
    }
    const step = stepOf(this.#plan, event.step);
    if (step && isTold(event))
      this.#owed.step(
        stepRow(
          { key: event.step, nodeId: step.nodeId },
          before,
          event,
          decision.actions,
          this.#traced(event.step, before, input),
        ),
      );
    if (before.waiting && !activeStep(this.#state, event.step)?.waiting)
      this.#owed.waitEnded({ step: event.step, wait: event.type === 'expire' ? 'expired' : 'matched' });
    return decision;
  }

  /** Where the input came from: other steps of the same machine, the trigger, or, kept itself, the item of a pass. */
  #traced(step: string, { from }: ActiveStep, input: Performed['input']): TracedInput | undefined {
    if (input === undefined) return undefined;
    const { pass } = placeOf(step);
    const isItem = pass !== undefined && from === stepOf(this.#plan, outerLoop(pass))?.nodeId;
    const trace: InputTrace = isItem
      ? { input }
      : { inputFrom: typeof from === 'string' ? stepKey(pass, from) : from.map((key) => stepKey(pass, key)) };
    return { value: input, trace };
  }

  async #readInbox(): Promise<void> {
    this.#hearing.noted();
    const inboxes = await this.#tools.foundation.database.byIndex.asTenants([this.#run.tenant], (tx) =>
      loadInboxes(tx, [this.#run.id]),
    );
    const inbox = inboxes.get(this.#run.id);
    if (!inbox) throw new LeaseLost(this.#run.id);
    this.#open(inbox);
  }

  #open(inbox: Inbox): void {
    this.#tools.clock.observe(inbox.now);
    this.#wakeSeen = inbox.wake;
    this.#cancelled = inbox.cancel;
    for (const signal of inbox.signals) this.#signals.set(signal.id, signal);
    this.#arrivals = [
      ...inbox.signals.map((signal) => ({ id: signal.id, at: signal.receivedAt, signal })),
      ...inbox.timers.map((timer) => ({ id: timer.id, at: timer.dueAt, timer })),
    ]
      .filter(({ id }) => !this.#heard.has(id))
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  /** What came first, apart from what is for a step that is still busy with what came before. */
  #nextArrival(): Arrival | undefined {
    const index = this.#arrivals.findIndex((arrival) => !this.#inFlight.has(stepOfArrival(arrival)));
    return index === -1 ? undefined : this.#arrivals.splice(index, 1)[0];
  }

  #take(arrival: Arrival): void {
    const at = this.#tools.clock.now().toISOString();
    const { id } = arrival;
    this.#heard.add(id);
    if ('signal' in arrival) {
      const { ignored } = this.#apply({ type: 'signal', step: arrival.signal.step, signalId: id, at });
      // Its wait has just ended; the next one on its key may match it again, and then it is heard.
      if (ignored) this.#heard.delete(id);
    } else {
      const { step, kind } = arrival.timer;
      this.#owed.timerUsed(id);
      if (kind === 'due') this.#owed.overdue(step);
      this.#apply({ type: kind, step, at });
    }
  }

  #ending(): Ending | undefined {
    const { outcome } = this.#state;
    if (this.#cancelled) return { status: 'cancelled' };
    if (!outcome) return undefined;
    return outcome.outcome === 'succeeded'
      ? { status: 'succeeded', output: outcome.output }
      : { status: 'failed', error: outcome.error, ...(outcome.step !== undefined && { step: outcome.step }) };
  }

  async #end(ending: Ending): Promise<void> {
    this.#work.abort(ended);
    await this.#commit(ending);
  }

  async #commit(next: BurstWrites['next']): Promise<Committed> {
    try {
      const committed = await this.#write(next);
      if (committed.outcome === 'stale') throw new LeaseLost(this.#run.id);
      if (committed.outcome === 'cancel') this.#cancelled = true;
      this.#revision++;
      for (const id of this.#owed.consumed) this.#heard.delete(id);
      this.#owed = new Owed();
      this.#forgetStored();
      this.#loops.committed();
      return committed;
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      if (error.code === 'RECORD_CONFLICT') await this.#keepWritten();
      if (error.code !== 'WAIT_TAKEN') throw error;
      this.#waitRefused(error);
      // Nothing of it was written; what is owed is owed still. A run that has failed by it is not shown as going on: it ends.
      return next === 'continue' && !this.#state.outcome ? this.#commit(next) : { outcome: 'continue' };
    }
  }

  #forgetStored(): void {
    this.#tools.records.clear();
    this.#tools.runs.clear();
    this.#tools.alerts.clear();
    this.#beforeStored = undefined;
  }

  /**
   * Somebody else has changed a record, so that all since the last commit will be done again. What was written outside
   * before the first record was is committed now, and not written again.
   */
  async #keepWritten(): Promise<void> {
    const before = this.#beforeStored;
    if (!before?.owed.hasWritten) return;
    this.#decider = decider(this.#plan, before.state);
    this.#owed = before.owed;
    this.#beforeFailure = undefined;
    this.#forgetStored();
    await this.#commit('continue');
  }

  async #write(next: BurstWrites['next']): Promise<Committed> {
    const { run, foundation, lease, commits, records, runs, alerts } = { run: this.#run, ...this.#tools };
    const log = (err: unknown) =>
      foundation.log.warn({ err, run: run.id }, 'large values cannot be kept at the moment');
    // What has been done outside would be done again, if it were forgotten because the payload store is away.
    const storable = await outlasting(() => this.#storable(), this.#hearing.lost, log);
    const committed = await commits.add({
      run: run.id,
      tenant: run.tenant,
      environment: run.environment,
      flowId: run.flowId,
      parent: run.parent,
      token: run.token,
      revision: this.#revision,
      wakeSeen: this.#wakeSeen,
      next,
      lease,
      records: records.pending(),
      startedRuns: runs.pending(),
      answer: runs.answer(),
      closedAlerts: alerts.closed(),
      ...storable,
      alerts: [...storable.alerts, ...alerts.raised()],
    });
    const { outcome } = committed;
    const status = outcome === 'parked' ? 'waiting' : typeof next === 'object' ? next.status : 'running';
    const news = { tenant: run.tenant, run: run.id, flowId: run.flowId, status } as const;
    if (outcome === 'ended' && typeof next === 'object') foundation.metrics.runEnded(next.status);
    if (outcome !== 'stale')
      foundation.bus.publish({ kind: 'run', ...news, at: this.#tools.clock.now().toISOString() });
    return committed;
  }

  /** Large values go to the payload store before the commit that refers to them. */
  async #storable(): Promise<OwedWrites & { readonly state: RunState }> {
    const { values } = this.#tools;
    const state = this.#beforeFailure ?? this.#state;
    return {
      state: await offloaded(withoutUnread(this.#plan, dehydrate(withoutPasses(state))), values),
      ...(await withSmallValues(this.#owed.writes(state.passes), this.#plan, values)),
    };
  }

  /** Another run waits on the same key already: the step fails, and the run decides what follows. */
  #waitRefused(refusal: MillraceError): void {
    const { step } = refusal.options.details as { step: string };
    this.#owed.withdrawWait(step);
    this.#account({ type: 'fail', step, error: refusal.toData(), at: this.#now() });
  }
}

function stepOfArrival(arrival: Arrival): string {
  return 'signal' in arrival ? arrival.signal.step : arrival.timer.step;
}

/** What comes first; nothing when the time passes before. */
async function within<T>(ms: number, ...coming: readonly Promise<T>[]): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([...coming, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function withSmallValues(writes: OwedWrites, plan: Plan, values: LargeValues): Promise<OwedWrites> {
  const small = (value: Json) => offloadIfLarge(value, values);
  return {
    ...writes,
    steps: await Promise.all(writes.steps.map((row) => withSmall(row, small))),
    passes: await Promise.all(
      writes.passes.map(async ({ key, state }) => ({
        key,
        state: await offloaded(withoutUnread(plan, state, key), values),
      })),
    ),
    passResults: await Promise.all(writes.passResults.map((row) => withSmall(row, small))),
  };
}

async function withSmall<Row extends { readonly input?: Json; readonly output?: Json }>(
  row: Row,
  small: (value: Json) => Promise<Json>,
): Promise<Row> {
  return {
    ...row,
    ...(row.input !== undefined && { input: await small(row.input) }),
    ...(row.output !== undefined && { output: await small(row.output) }),
  };
}

/** The passes have rows of their own. */
function withoutPasses({ passes, ...root }: RunState): RunState {
  return root;
}

function outerLoop(pass: string): string {
  const { around, loop } = loopOf(pass);
  return stepKey(around, loop);
}

function isLoopAction(action: Action): action is LoopAction {
  return ['nextItem', 'passEnded', 'gather', 'dropPasses', 'loopFailed'].includes(action.type);
}

/** The others only move a step on from one of these to the next. */
function isTold({ type, step }: StepEvent): boolean {
  return type === 'fail' || (['emit', 'wait', 'expire'].includes(type) && !isFarInLoop(step));
}

/** Of a long loop the history has the first passes, and whatever failed. */
function isFarInLoop(step: string): boolean {
  const { pass } = placeOf(step);
  if (pass === undefined) return false;
  return loopOf(pass).index >= passesTold || isFarInLoop(outerLoop(pass));
}

/** A loop that has failed by what became of its passes has no event of its own. */
function failedLoopRow(plan: Plan, { step, error }: Extract<LoopAction, { type: 'loopFailed' }>, at: string): StepRow {
  return {
    key: step,
    node: stepOf(plan, step)?.nodeId ?? step,
    status: 'failed',
    attempts: 1,
    startedAt: at,
    finishedAt: at,
    error,
  };
}

function newWait({ step, wait }: Extract<Action, { type: 'openWait' }>) {
  const { kind, detail, ...rest } = wait;
  return { step, ...rest, detail: detail ?? {} };
}
