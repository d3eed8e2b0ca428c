import type { Batch } from './batch.ts';
import { type Death, EvaluatorProcess, type Limits } from './child-process.ts';

/** Batches of one tenant that a process may hold: the second is read while the first's answer travels. */
const window = 2;

interface Owner {
  /** The lane can take work, or has ended. */
  changed(): void;
  /** The process has ended; the first batch was being worked on, the others had not begun. */
  died(death: Death, batches: readonly Batch[]): void;
}

/** A place for one process at a time, started when it is first needed. It serves one tenant at any moment. */
export class Lane {
  readonly #limits: Limits;
  readonly #owner: Owner;
  #process: EvaluatorProcess | undefined;
  #ready = false;
  #batches: Batch[] = [];

  constructor(limits: Limits, owner: Owner) {
    this.#limits = limits;
    this.#owner = owner;
  }

  get started(): boolean {
    return this.#process !== undefined;
  }
  /** The process cannot take work yet. */
  get starting(): boolean {
    return this.started && !this.#ready;
  }
  get idle(): boolean {
    return this.#batches.length === 0;
  }

  canTake(tenant: string): boolean {
    return this.#ready && this.#batches.length < window && this.#batches.every((batch) => batch.tenant === tenant);
  }

  start(): void {
    this.#process ??= new EvaluatorProcess(this.#limits, {
      ready: () => this.#becomeReady(),
      answered: (results) => {
        this.#batches.shift()?.done([...results]);
        this.#owner.changed();
      },
      died: (death) => this.#die(death),
    });
  }

  take(batch: Batch): void {
    this.#batches.push(batch);
    this.#process?.send(batch.line);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#owner.changed();
  }

  #die(death: Death): void {
    const batches = this.#batches;
    const wasReady = this.#ready;
    this.#process = undefined;
    this.#ready = false;
    this.#batches = [];
    this.#owner.died(wasReady ? death : 'crash', batches);
  }
}
