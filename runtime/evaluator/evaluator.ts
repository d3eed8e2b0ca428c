import { availableParallelism } from 'node:os';
import { type Json, writeJson } from '@millrace/contract';
import { type Metrics, noMetrics } from '../metrics/metrics.ts';
import { type Batch, closedError, deathError, depthError, failBatch, startError } from './batch.ts';
import type { Death, Limits } from './child-process.ts';
import { FairQueue } from './fair-queue.ts';
import { inlineFirst } from './inline.ts';
import { Lane } from './lane.ts';
import type { EvaluationResult, EvaluationTask, Request } from './protocol.ts';

export interface Evaluator {
  /**
   * Performs the tasks in order, in one process; a result for each. Never rejects: an expression's own failure, and
   * EXPRESSION_TIMEOUT, EXPRESSION_MEMORY, EXPRESSION_OUTPUT_TOO_LARGE or EXPRESSION_CRASHED, are results.
   */
  evaluate(tenant: string, tasks: readonly EvaluationTask[]): Promise<EvaluationResult[]>;
  /** Whether an expression has once needed more than this process allows, so that it is evaluated in another from then on. */
  isCostly(text: string): boolean;
  /** Ends every process; what still waits gets EVALUATOR_CLOSED. */
  close(): Promise<void>;
}

export interface EvaluatorOptions {
  /** Processes that all tenants share; one for each processor but at least two unless given. */
  readonly processes?: number;
  /** Heap of one process, in megabytes (256). */
  readonly memoryMb?: number;
  /** Longest time for one call of `evaluate`, without waiting for its turn (2000). */
  readonly timeoutMs?: number;
  /** Greatest answer of one call, in bytes (32,000,000). */
  readonly maxOutputBytes?: number;
  /** Expressions that need little are evaluated in this process (yes). */
  readonly inline?: boolean;
  /** Who counts. */
  readonly metrics?: Counts;
}

type Counts = Pick<Metrics, 'evaluated' | 'guarded' | 'evaluatorKilled'>;

/** How long a tenant has a process of its own after it has brought one down. */
const quarantineMs = 60_000;
const maxFailedStarts = 3;

/**
 * Evaluates what tenants wrote: JSONata that needs little in this process ({@link inlineFirst}), all else in child processes,
 * since some regular expressions and JSON Schemas can take any time and memory, and ajv makes code of schemas. Processes start when they are needed and do
 * not keep this one alive.
 */
export function startEvaluator(options: EvaluatorOptions = {}): Evaluator {
  const { memoryMb = 256, timeoutMs = 2000, maxOutputBytes = 32_000_000, metrics = noMetrics, inline = true } = options;
  const processes = options.processes ?? Math.max(2, availableParallelism());
  const pool = new Pool(processes, { memoryMb, timeoutMs, maxOutputBytes }, metrics);
  return inline ? inlineFirst(pool, metrics) : pool;
}

class Pool implements Evaluator {
  readonly #limits: Limits;
  readonly #metrics: Counts;
  readonly #shared: readonly Lane[];
  readonly #quarantined = new Map<string, Lane>();
  readonly #queue = new FairQueue<Batch>();
  /** Keeps this process alive while somebody waits for a result; the processes and their pipes never do. */
  readonly #alive = setInterval(() => {}, 0x7fffffff).unref();
  #pending = 0;
  #failedStarts = 0;
  #closed = false;

  constructor(processes: number, limits: Limits, metrics: Counts) {
    this.#limits = limits;
    this.#metrics = metrics;
    this.#shared = Array.from({ length: processes }, () => this.#newLane());
  }

  evaluate(tenant: string, tasks: readonly EvaluationTask[]): Promise<EvaluationResult[]> {
    if (tasks.length === 0) return Promise.resolve([]);
    const line = lineOf({ tasks });
    if (line === undefined) return Promise.resolve(tasks.map(() => ({ ok: false, error: depthError })));
    const { promise, resolve: done } = Promise.withResolvers<EvaluationResult[]>();
    this.#enqueue({ tenant, line, tasks: tasks.length, crashes: 0, done: this.#counted(done) });
    return promise.finally(() => this.#settled());
  }

  #counted(done: Batch['done']): Batch['done'] {
    const asked = performance.now();
    return (results) => {
      const seconds = (performance.now() - asked) / 1000;
      for (const { ok } of results) this.#metrics.evaluated(seconds, ok ? 'value' : 'error', 'guarded');
      done(results);
    };
  }

  #enqueue(batch: Batch): void {
    if (this.#pending++ === 0) this.#alive.ref();
    if (this.#closed) failBatch(batch, closedError);
    else this.#queue.add(batch.tenant, batch);
    this.#dispatch();
  }

  #settled(): void {
    if (--this.#pending === 0) this.#alive.unref();
  }

  /** Nothing is evaluated in this process anyway. */
  isCostly(): boolean {
    return false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#alive);
    for (const batch of this.#queue.takeAll()) failBatch(batch, closedError);
    await Promise.all([...this.#shared, ...this.#quarantined.values()].map((lane) => lane.stop()));
  }

  /** Gives waiting work to lanes, tenant by tenant in turn, until nobody can take more. */
  #dispatch(): void {
    for (let given = true; given; ) {
      given = false;
      for (const tenant of this.#queue.tenants()) {
        const lane = this.#laneFor(tenant);
        const batch = lane && this.#queue.take(tenant);
        if (!batch) continue;
        lane.take(batch);
        given = true;
      }
    }
  }

  /**
   * A lane that can take the tenant's work now; where there is none, one more is started, one at a time: a start takes
   * longer than most work. Work goes behind other work of
   * the same tenant only where nobody else waits for the lane.
   */
  #laneFor(tenant: string): Lane | undefined {
    const own = this.#quarantined.get(tenant);
    const lanes = own ? [own] : this.#shared;
    const free = lanes.find((lane) => lane.idle && lane.canTake(tenant));
    if (free) return free;
    if (!lanes.some((lane) => lane.starting)) lanes.find((lane) => !lane.started)?.start();
    return own || this.#waitsAlone(tenant) ? lanes.find((lane) => lane.canTake(tenant)) : undefined;
  }

  #waitsAlone(tenant: string): boolean {
    return this.#queue.tenants().every((other) => other === tenant || this.#quarantined.has(other));
  }

  #newLane(): Lane {
    return new Lane(this.#limits, {
      changed: () => {
        this.#failedStarts = 0;
        this.#dispatch();
      },
      died: (death, batches) => this.#replace(death, batches),
    });
  }

  #replace(death: Death, [culprit, ...others]: readonly Batch[]): void {
    if (this.#closed) {
      for (const batch of culprit ? [culprit, ...others] : []) failBatch(batch, closedError);
      return;
    }
    if (culprit) this.#blame(culprit, death, others);
    else this.#noteFailedStart();
    this.#dispatch();
  }

  /** What had not begun is run again; so is, once, what a process died under for no reason of its own. */
  #blame(culprit: Batch, death: Death, others: readonly Batch[]): void {
    this.#metrics.evaluatorKilled(death === 'crash' ? 'died' : death);
    this.#quarantine(culprit.tenant);
    this.#queue.putBack(culprit.tenant, others);
    if (death === 'crash' && culprit.crashes++ === 0) this.#queue.putBack(culprit.tenant, [culprit]);
    else failBatch(culprit, deathError(death, this.#limits));
  }

  #quarantine(tenant: string): void {
    if (this.#quarantined.has(tenant)) return;
    this.#quarantined.set(tenant, this.#newLane());
    this.#releaseLater(tenant);
  }

  #releaseLater(tenant: string): void {
    setTimeout(() => {
      if (this.#quarantined.get(tenant)?.idle) this.#release(tenant);
      else this.#releaseLater(tenant);
    }, quarantineMs).unref();
  }

  #release(tenant: string): void {
    void this.#quarantined.get(tenant)?.stop();
    this.#quarantined.delete(tenant);
    this.#dispatch();
  }

  #noteFailedStart(): void {
    if (++this.#failedStarts < maxFailedStarts) return;
    this.#failedStarts = 0;
    for (const batch of this.#queue.takeAll()) failBatch(batch, startError);
  }
}

/** Nothing where the data is nested so deep that it cannot be written. */
function lineOf(request: Request): string | undefined {
  try {
    return `${writeJson(request as unknown as Json)}\n`;
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
