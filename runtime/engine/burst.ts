/*
 * One worker's hold on one run: decide, perform, decide … until the run waits or ends, with one commit for all of it.
 * Long because the order of these few steps is what the engine's promises rest on; it belongs on one page.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Effect, MillraceError, type Signal } from '@millrace/contract';
import { type Action, type Decision, decide, type Plan, type RunState, type StepEvent, startRun } from '@millrace/flow';
import type { BurstWrites, Ending } from '../postgres/commit/burst-writes.ts';
import { type Committed, commitBursts } from '../postgres/commit/commit-bursts.ts';
import { type DueTimer, type Inbox, loadInbox } from '../postgres/runs/load-inbox.ts';
import type { TakenRun } from '../postgres/runs/take-run.ts';
import { crashPoint } from './crash-points.ts';
import { Owed, stepRow } from './owed.ts';
import { type Performed, performStep, type Tools } from './perform.ts';

/** Something came for the run: fed to the machine one at a time, in the order in which it happened. */
type Arrival = { readonly at: Date } & ({ readonly signal: Inbox['signals'][number] } | { readonly timer: DueTimer });

/** Somebody else holds the run now, or this process is giving it back: nothing of the burst is written. */
export class LeaseLost extends Error {}

/** Commit what is owed when an effect takes longer than this, so that the run can be watched. */
const patienceMs = 250;

export class Burst {
  readonly #run: TakenRun;
  readonly #plan: Plan;
  readonly #tools: Tools;
  readonly #abort: AbortController;
  readonly #inFlight = new Map<string, Promise<Performed>>();
  #actions: Action[] = [];
  #arrivals: Arrival[] = [];
  #signals = new Map<string, Signal>();
  #state: RunState;
  #owed = new Owed();
  #wakeSeen: number;
  /** After a take-over any step may have been performed by the dead worker without a trace. */
  readonly #untraced: boolean;
  #cancelled: boolean;

  constructor(run: TakenRun, plan: Plan, tools: Tools, abort: AbortController) {
    this.#run = run;
    this.#plan = plan;
    this.#tools = tools;
    this.#abort = abort;
    this.#wakeSeen = run.wake;
    this.#untraced = run.takenOver;
    this.#cancelled = run.cancel;
    const begun = run.state ? resumed(run.state) : this.#begin();
    this.#state = begun.state;
    this.#actions = [...begun.actions];
  }

  /** Runs until the run is parked or ended. @throws {LeaseLost} */
  async drive(): Promise<void> {
    crashPoint('burst.restored');
    if (this.#run.state) await this.#readInbox();
    for (;;) {
      await this.#act();
      const ending = this.#ending();
      if (ending) return this.#end(ending);
      if (this.#inFlight.size > 0) this.#settle(await this.#nextPerformed());
      else if (this.#arrivals.length > 0) this.#take(this.#arrivals.shift() as Arrival);
      else if ((await this.#commit('park')) === 'parked') return;
      else await this.#readInbox();
    }
  }

  #begin(): Decision {
    const { node, trigger, startedAt } = this.#run;
    return startRun(this.#plan, { node, ...trigger, at: startedAt.toISOString() });
  }

  /** Does what the machine has asked for; steps run side by side. */
  async #act(): Promise<void> {
    for (let action = this.#actions.shift(); action; action = this.#actions.shift()) {
      if (action.type === 'perform') await this.#perform(action.step);
      if (action.type === 'resume') await this.#perform(action.step, this.#signals.get(action.signalId));
      if (action.type === 'openWait') this.#owed.openWait(newWait(action));
      if (action.type === 'retryAt') this.#owed.retry({ step: action.step, kind: 'retry', dueAt: action.at });
      if (action.type === 'alert')
        this.#owed.alert({ ...action, incident: `${this.#run.id}/${action.step}/${action.code}` });
    }
  }

  async #perform(step: string, resume?: Signal): Promise<void> {
    // Whoever reads the outside world's traces must find what led to them.
    if (this.#writesOutside(step) && (this.#owed.hasResults || this.#tools.records.pending().length > 0))
      await this.#commit('continue');
    // The commit may have told of a cancellation, or refused a wait by which the run has failed.
    if (this.#cancelled || !this.#state.context.active[step]) return;
    const repeated = this.#untraced || (this.#state.context.active[step]?.failures ?? 0) > 0;
    const work = {
      run: this.#run,
      plan: this.#plan,
      state: this.#state,
      step,
      repeated,
      abort: this.#abort.signal,
      ...(resume && { resume }),
    };
    const performed = performStep(work, this.#tools);
    // What a step writes into the records belongs to its transition: no commit may come between the two.
    if (this.#effectOf(step) === 'stored') this.#settle(await performed);
    else this.#inFlight.set(step, performed);
  }

  #effectOf(step: string): Effect | undefined {
    return this.#plan.steps.get(step)?.type.effect;
  }

  #writesOutside(step: string): boolean {
    return ['idempotent-write', 'unsafe-write'].includes(this.#effectOf(step) ?? '');
  }

  async #nextPerformed(): Promise<Performed> {
    const first = Promise.race(this.#inFlight.values());
    const performed =
      (await Promise.race([first, sleep(patienceMs, undefined, { ref: false })])) ?? (await this.#showProgress(first));
    this.#inFlight.delete(performed.step);
    return performed;
  }

  async #showProgress(first: Promise<Performed>): Promise<Performed> {
    if (!this.#owed.isEmpty) await this.#commit('continue');
    return first;
  }

  #settle({ step, event, input, resumed }: Performed): void {
    if (this.#abort.signal.aborted) throw new LeaseLost(this.#run.id);
    if (event) this.#account(event, input);
    if (resumed) this.#owed.signal(this.#rests(step) ? { id: resumed.id, state: 'kept' } : resumed);
  }

  #account(event: StepEvent, input: Performed['input']): void {
    if (event.type !== 'emit') this.#tools.records.discard(event.step);
    const isRepeatable = this.#effectOf(event.step) === 'pure' && (event.type !== 'fail' || event.final === true);
    if (!isRepeatable) this.#owed.hasResults = true;
    this.#apply(event, input);
  }

  /** A step that rests before its next attempt will wait again, and then wants the signal that it could not handle. */
  #rests(step: string): boolean {
    return this.#state.context.active[step]?.retryAt !== undefined;
  }

  /** The machine's answer to an event, and what it owes to the history. */
  #apply(event: StepEvent, input?: Performed['input']): void {
    const before = this.#state.context.active[event.step];
    const decision = decide(this.#plan, this.#state, event);
    if (decision.ignored || !before) return;
    this.#state = decision.state;
    this.#actions.push(...decision.actions);
    if (['emit', 'fail', 'wait', 'expire'].includes(event.type)) {
      const step = this.#plan.steps.get(event.step);
      if (step) this.#owed.step(stepRow(step, before, event, decision.actions, input));
    }
    if (before.waiting && !decision.state.context.active[event.step]?.waiting)
      this.#owed.waitEnded({ step: event.step, wait: event.type === 'expire' ? 'expired' : 'matched' });
  }

  async #readInbox(): Promise<void> {
    const inbox = await this.#tools.foundation.database.asTenants([this.#run.tenant], (tx) =>
      loadInbox(tx, this.#run.id),
    );
    this.#tools.clock.observe(inbox.now);
    this.#wakeSeen = inbox.wake;
    this.#cancelled = inbox.cancel;
    for (const signal of inbox.signals) this.#signals.set(signal.id, signal);
    this.#arrivals = [
      ...inbox.signals.map((signal) => ({ at: signal.receivedAt, signal })),
      ...inbox.timers.map((timer) => ({ at: timer.dueAt, timer })),
    ].sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  #take(arrival: Arrival): void {
    const at = this.#tools.clock.now().toISOString();
    if ('signal' in arrival) {
      this.#apply({ type: 'signal', step: arrival.signal.step, signalId: arrival.signal.id, at });
    } else {
      const { id, step, kind } = arrival.timer;
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
      : { status: 'failed', error: outcome.error };
  }

  async #end(ending: Ending): Promise<void> {
    this.#abort.abort();
    await this.#commit(ending);
  }

  async #commit(next: BurstWrites['next']): Promise<Committed> {
    try {
      const committed = await this.#write(next);
      if (committed === 'stale') throw new LeaseLost(this.#run.id);
      if (committed === 'cancel') this.#cancelled = true;
      this.#owed = new Owed();
      this.#tools.records.committed();
      return committed;
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'WAIT_TAKEN') throw error;
      this.#waitRefused(error);
      // Nothing of it was written; what is owed is owed still.
      return next === 'continue' ? this.#commit(next) : 'continue';
    }
  }

  async #write(next: BurstWrites['next']): Promise<Committed> {
    const { run, foundation } = { run: this.#run, foundation: this.#tools.foundation };
    const writes: BurstWrites = {
      run: run.id,
      tenant: run.tenant,
      environment: run.environment,
      flowId: run.flowId,
      token: run.token,
      wakeSeen: this.#wakeSeen,
      state: this.#state,
      next,
      leaseMs: foundation.leaseMs,
      records: this.#tools.records.pending(),
      ...this.#owed.writes(),
    };
    crashPoint('commit.before');
    const outcome = await foundation.database.asTenants([run.tenant], async (tx) => {
      const committed = await commitBursts(tx, [writes]);
      crashPoint('commit.inside');
      return committed.get(run.id) as Committed;
    });
    crashPoint('commit.after');
    const status = outcome === 'parked' ? 'waiting' : typeof next === 'object' ? next.status : 'running';
    const news = { tenant: run.tenant, run: run.id, flowId: run.flowId, status } as const;
    if (outcome !== 'stale')
      foundation.bus.publish({ kind: 'run', ...news, at: this.#tools.clock.now().toISOString() });
    return outcome;
  }

  /** Another run waits on the same key already: the step fails, and the run decides what follows. */
  #waitRefused(refusal: MillraceError): void {
    const { step } = refusal.options.details as { step: string };
    this.#owed.withdrawWait(step);
    this.#apply({ type: 'fail', step, error: refusal.toData(), at: this.#tools.clock.now().toISOString() });
  }
}

/** A restored run goes on where its last commit left it: steps that were being performed are performed again. */
function resumed(state: RunState): Pick<Decision, 'state' | 'actions'> {
  const interrupted = Object.entries(state.context.active).filter(([, step]) => !step.waiting && !step.retryAt);
  return { state, actions: interrupted.map(([step]) => ({ type: 'perform', step })) };
}

function newWait({ step, wait }: Extract<Action, { type: 'openWait' }>) {
  const { kind, detail, ...rest } = wait;
  return { step, ...rest, detail: detail ?? {} };
}
