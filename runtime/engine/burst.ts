/*
 * One worker's hold on one run: decide, perform, commit. What has come for the run (`arrivals.ts`) and what its steps have
 * done (`under-way.ts`) are events; of each the machine decides what follows (`progress.ts`): tasks, which are done here,
 * and what is owed, which is written (`run-commits.ts`) when the run waits or ends, and before it writes outside.
 */
import { MillraceError } from '@millrace/contract';
import { activeStep, type Plan, type RunState } from '@millrace/flow';
import type { Ending } from '../postgres/commit/burst-writes.ts';
import type { Committed } from '../postgres/commit/commit-bursts.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import { Arrivals } from './arrivals.ts';
import { comesWithin } from './comes-within.ts';
import { crashPoint } from './crash-points.ts';
import { effectOfStep, writesOutside } from './effect.ts';
import type { Hearing } from './hold.ts';
import { gatherResults, readItem } from './loop-steps.ts';
import { type Performed, performStep, type StepWork, type Tools } from './perform.ts';
import { Progress, type Task } from './progress.ts';
import { type Next, RunCommits } from './run-commits.ts';
import type { InHand } from './taking.ts';
import { UnderWay } from './under-way.ts';

/** Why work that is still under way is called off; an error of the platform's own making is costly. */
const ended = new Error('The run has ended.');

/** Commit what is owed when an effect takes longer than this, so that the run can be watched. */
const patienceMs = 250;

export class Burst {
  readonly #run: TakenRun;
  readonly #plan: Plan;
  readonly #tools: Tools;
  readonly #hearing: Hearing;
  readonly #arrivals: Arrivals;
  readonly #progress: Progress;
  readonly #underWay = new UnderWay();
  readonly #commits: RunCommits;
  /** Calls off what is under way, when the run has ended or is lost. */
  readonly #callOff = new AbortController();

  /** @param state where the run's last commit left it; nothing where it has not begun */
  constructor({ run, inbox }: InHand, plan: Plan, state: RunState | undefined, tools: Tools, hearing: Hearing) {
    this.#run = run;
    this.#plan = plan;
    this.#tools = tools;
    this.#hearing = hearing;
    this.#arrivals = new Arrivals(run, tools.foundation.database, tools.clock, hearing);
    this.#progress = new Progress(run, plan, state, tools.clock);
    this.#commits = new RunCommits(run, plan, tools, hearing.lost);
    hearing.lost.addEventListener('abort', () => this.#callOff.abort(hearing.lost.reason), { once: true });
    if (inbox) this.#arrivals.open(inbox);
  }

  /** Runs until the run is parked or ended. @throws {LeaseLost} */
  async drive(): Promise<void> {
    crashPoint('burst.restored');
    this.#hearing.lost.throwIfAborted();
    for (;;) {
      await this.#doTasks();
      const ending = this.#ending();
      if (ending) return this.#end(ending);
      const arrival = this.#arrivals.first((step) => this.#underWay.has(step));
      if (this.#commits.isDue(this.#progress)) await this.#commit('continue');
      else if (arrival) this.#arrivals.take(arrival, this.#progress.hear(arrival));
      else if (!this.#underWay.isEmpty) await this.#hearWhatComes();
      else if (await this.#park()) return;
    }
  }

  /** Does what the machine has asked for; steps run side by side. */
  async #doTasks(): Promise<void> {
    for (let task = this.#progress.nextTask(); task; task = this.#progress.nextTask())
      if (this.#isWanted(task.step)) await this.#do(task);
  }

  async #do(task: Task): Promise<void> {
    const { step } = task;
    switch (task.type) {
      case 'perform':
        return this.#perform(step, {});
      case 'resume':
        return this.#perform(step, { resume: this.#arrivals.signal(task.signalId) });
      case 'passEnded':
        return this.#perform(step, { passEnded: task });
      case 'nextItem':
        return this.#underWay.begin(`${step}[${task.index}]`, readItem(this.#workOn(step), task.index, this.#tools));
      case 'gather':
        return this.#underWay.begin(step, gatherResults(this.#workOn(step), this.#progress.owed, this.#tools));
    }
  }

  async #perform(step: string, what: Pick<StepWork, 'resume' | 'passEnded'>): Promise<void> {
    const effect = effectOfStep(this.#tools.foundation.catalogue, this.#plan, step);
    // Whoever reads the outside world's traces must find what led to them.
    if (writesOutside(effect) && this.#progress.owed.hasResults) await this.#commit('continue');
    // The commit may have told of a cancellation, or refused a wait by which the run has failed.
    if (!this.#isWanted(step)) return;
    if (effect === 'stored') this.#progress.beforeStored();
    const performed = performStep({ ...this.#workOn(step), ...what }, this.#tools);
    // What a step stores belongs to its transition: no commit may come between the two.
    if (effect === 'stored') this.#settle(await performed);
    else this.#underWay.begin(step, performed);
  }

  #isWanted(step: string): boolean {
    return !this.#arrivals.isCancelled && activeStep(this.#progress.state, step) !== undefined;
  }

  #workOn(step: string): StepWork {
    const { state } = this.#progress;
    const failures = activeStep(state, step)?.failures ?? 0;
    // After a take-over any step may have been performed by the dead worker without a trace.
    const isUntraced = this.#run.takenOver || this.#run.redrive;
    const repeated = isUntraced || failures > 0;
    return { run: this.#run, plan: this.#plan, state, step, repeated, abort: this.#callOff.signal };
  }

  /** A step's outcome, or news for the run: another branch may be waiting for it while this one's effect takes its time. */
  async #hearWhatComes(): Promise<void> {
    const first = Promise.race([this.#underWay.first(), this.#hearing.news()]);
    if (!(await comesWithin(patienceMs, first)) && !this.#progress.owed.isEmpty) await this.#commit('continue');
    // The commit may have told of a cancellation, or refused a wait by which the run has failed.
    if (this.#ending()) return;
    const done = await first;
    this.#hearing.lost.throwIfAborted();
    if (done) this.#settle(this.#underWay.take(done));
    else await this.#arrivals.read();
  }

  #settle(performed: Performed): void {
    this.#hearing.lost.throwIfAborted();
    // What a step has stored counts with its transition alone: not where it has failed, whatever it said itself.
    if (!this.#progress.settle(performed)) this.#tools.stored.discard(performed.step);
  }

  #ending(): Ending | undefined {
    return this.#arrivals.isCancelled ? { status: 'cancelled' } : this.#progress.ending;
  }

  async #end(ending: Ending): Promise<void> {
    this.#callOff.abort(ended);
    await this.#commit(ending);
  }

  /** Not where something has come for the run. */
  async #park(): Promise<boolean> {
    const { outcome, inbox } = await this.#commit('park');
    if (outcome === 'parked') return true;
    if (inbox) this.#arrivals.open(inbox);
    else await this.#arrivals.read();
    return false;
  }

  async #commit(next: Next): Promise<Committed> {
    try {
      const committed = await this.#commits.write(next, this.#progress, this.#arrivals.wake);
      if (committed.outcome === 'cancel') this.#arrivals.cancel();
      this.#owedNoMore();
      return committed;
    } catch (error) {
      if (isRefusal(error, 'RECORD_CONFLICT')) await this.#keepWritten();
      if (!isRefusal(error, 'WAIT_TAKEN')) throw error;
      this.#refuseWait(error);
      // Nothing of it was written; what is owed is owed still. A run that has failed by it is not shown as going on: it ends.
      return next === 'continue' && !this.#progress.ending ? this.#commit(next) : { outcome: 'continue' };
    }
  }

  #owedNoMore(): void {
    const { consumed, endedLoops } = this.#progress.owed;
    this.#arrivals.usedUp(consumed);
    this.#tools.loops.forget(endedLoops);
    this.#tools.stored.clear();
    this.#progress.committed();
  }

  /**
   * Somebody else has changed a record, so that all since the last commit will be done again. What was written outside
   * before the first record was is committed now, and not written again.
   */
  async #keepWritten(): Promise<void> {
    if (!this.#progress.takeBackStored()) return;
    this.#tools.stored.clear();
    await this.#commit('continue');
  }

  /** Another run waits on the same key already: the step fails, and the run decides what follows. */
  #refuseWait(refusal: MillraceError): void {
    const { step } = refusal.options.details as { step: string };
    if (!this.#progress.refuseWait(step, refusal.toData())) this.#tools.stored.discard(step);
  }
}

function isRefusal(error: unknown, code: string): error is MillraceError {
  return error instanceof MillraceError && error.code === code;
}
