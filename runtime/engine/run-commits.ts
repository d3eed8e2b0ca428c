import type { RunAnswer } from '@millrace/contract';
import { dehydrate, type Plan, withoutUnread } from '@millrace/flow';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import type { Committed } from '../postgres/commit/commit-bursts.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { RunNews } from './bus.ts';
import { LeaseLost } from './hold.ts';
import { outlasting } from './outage.ts';
import type { Tools } from './perform.ts';
import type { Progress } from './progress.ts';
import { offloaded, offloadedWrites } from './stored-state.ts';

/** What is to become of the run with a commit. */
export type Next = BurstWrites['next'];

/** So many rows or characters are owed at most, so that a long run needs no more memory than a short one. */
const mostOwed = { rows: 2_000, size: 4 * 1024 * 1024 };

/** The commits of one run, one after the other, and the news of them. */
export class RunCommits {
  readonly #run: TakenRun;
  readonly #plan: Plan;
  readonly #tools: Tools;
  readonly #lost: AbortSignal;
  /** Commits of the run so far. */
  #revision: number;

  constructor(run: TakenRun, plan: Plan, tools: Tools, lost: AbortSignal) {
    this.#run = run;
    this.#plan = plan;
    this.#tools = tools;
    this.#lost = lost;
    this.#revision = run.revision;
  }

  /** So much is owed that it should be written now. */
  isDue({ owed }: Progress): boolean {
    return owed.rows > mostOwed.rows || owed.size + this.#tools.stored.size > mostOwed.size;
  }

  /**
   * Writes what a run owes: all of it, or nothing.
   * @param wakeSeen the run's wake counter when its inbox was read
   * @throws {LeaseLost} Somebody else holds the run
   * @throws {MillraceError} `RECORD_CONFLICT`, `WAIT_TAKEN`
   */
  async write(next: Next, progress: Progress, wakeSeen: number): Promise<Committed> {
    const { commits, lease, stored } = this.#tools;
    const { id: run, tenant, environment, flowId, parent, token } = this.#run;
    const storable = await this.#storable(progress);
    const pending = stored.pending();
    const committed = await commits.add({
      run,
      tenant,
      environment,
      flowId,
      parent,
      token,
      revision: this.#revision,
      wakeSeen,
      next,
      lease,
      ...storable,
      ...pending,
      alerts: [...storable.alerts, ...pending.alerts],
    });
    if (committed.outcome === 'stale') throw new LeaseLost(run);
    this.#revision++;
    this.#publish(next, committed, pending.answer);
    return committed;
  }

  /**
   * Large values go to the payload store before the commit that refers to them. What has been done outside would be done
   * again, if it were forgotten because that store is away.
   */
  #storable(progress: Progress) {
    const { foundation, values } = this.#tools;
    const log = (err: unknown) =>
      foundation.log.warn({ err, run: this.#run.id }, 'large values cannot be kept at the moment');
    const offload = async () => {
      const { passes, ...root } = progress.restorable;
      return {
        state: await offloaded(withoutUnread(this.#plan, dehydrate(root)), values),
        ...(await offloadedWrites(progress.owed.writes(passes), this.#plan, values)),
      };
    };
    return outlasting(offload, this.#lost, log);
  }

  #publish(next: Next, { outcome, answers }: Committed, answer: RunAnswer | undefined): void {
    const { foundation, clock } = this.#tools;
    const { bus, metrics } = foundation;
    const { id: run, tenant, flowId } = this.#run;
    const ending = typeof next === 'object' ? next.status : undefined;
    const status = outcome === 'parked' ? 'waiting' : (ending ?? 'running');
    if (ending && outcome === 'ended') metrics.runEnded(ending);
    const at = clock.now().toISOString();
    const news: RunNews = { kind: 'run', tenant, run, flowId, status, at, ...(answer && { answered: true }) };
    bus.publish(news, answers && answer);
  }
}
