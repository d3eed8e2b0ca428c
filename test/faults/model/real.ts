import { sql } from 'kysely';
import { expect } from 'vitest';
import type { EngineFixture } from '../../../runtime/engine/engine.fixture.ts';
import type { Engine } from '../../../runtime/engine/engine.ts';
import { channel, flow, written } from './flow.fixture.ts';
import type { Model } from './model.ts';

/** The engine, twice over one database, and the runs in the order of their starts. */
export class Real {
  readonly runs: string[] = [];
  readonly #fixture: EngineFixture;
  readonly #engines: readonly Engine[];
  /** Keeps the keys of one sequence from those of another. */
  readonly #prefix: string;

  constructor(fixture: EngineFixture, engines: readonly Engine[], prefix: string) {
    this.#fixture = fixture;
    this.#engines = engines;
    this.#prefix = prefix;
  }

  async start(key: string): Promise<void> {
    this.runs.push(await this.#fixture.start(flow, { key: this.#prefix + key }));
  }

  /** The same answer, so many times at once, to both engines in turn. */
  async answer(key: string, number: number, times: number): Promise<void> {
    const signal = {
      tenant: this.#fixture.tenant.id,
      environment: 'production',
      channel,
      key: this.#prefix + key,
      source: 'the model',
      fingerprint: String(number),
      payload: number,
    };
    await Promise.all(Array.from({ length: times }, (_, time) => this.#engine(number + time).signal(signal)));
  }

  cancel(index: number): Promise<boolean> {
    return this.#engine(index).cancel(this.#fixture.tenant.id, this.runs[index] as string);
  }

  redrive(index: number): Promise<number> {
    return this.#engine(index).redrive(this.#fixture.tenant.id, [this.runs[index] as string], 'the model');
  }

  async pass(minutes: number): Promise<void> {
    const now = await this.#fixture.clock.now();
    await this.#fixture.clock.advanceTo(new Date(now.getTime() + minutes * 60_000));
  }

  async settle(): Promise<void> {
    for (const engine of [...this.#engines, ...this.#engines]) await engine.settle();
  }

  async wasCancelled(index: number): Promise<boolean> {
    return (await this.#fixture.observe(this.runs[index] as string)).status === 'cancelled';
  }

  async hasUsedAnswer(index: number): Promise<boolean> {
    const { steps } = await this.#fixture.observe(this.runs[index] as string);
    return steps.some(({ node, status }) => node === 'wait' && status === 'done');
  }

  /** Whether the run has written once, as one that was answered. */
  hasWritten(index: number): boolean {
    return throughOf(this.runs[index] as string) === 'answered';
  }

  #engine(number: number): Engine {
    return this.#engines[number % this.#engines.length] as Engine;
  }

  /** Every run is where the model says, leaves nothing open behind it, and has written once. */
  async expectToAgree(model: Model): Promise<void> {
    await this.settle();
    expect(await this.#observe()).toEqual(
      model.runs.map(({ status, overdue, through }) => {
        const waits = status === 'waiting' ? 1 : 0;
        const timers = status === 'waiting' ? (overdue ? 1 : 2) : 0;
        return { status, waits, timers, late: status === 'waiting' && overdue ? 1 : 0, through: through ?? null };
      }),
    );
  }

  async #observe(): Promise<object[]> {
    const { foundation, tenant } = this.#fixture;
    const { rows } = await foundation.database.asTenants([tenant.id], (tx) =>
      sql<{ id: string; status: string; waits: number; timers: number; late: number }>`
        select id, status,
          (select count(*)::int from millrace.wait where run_id = run.id and state = 'open') as waits,
          (select count(*)::int from millrace.wait
           where run_id = run.id and state = 'open' and overdue_since is not null) as late,
          (select count(*)::int from millrace.timer where run_id = run.id) as timers
        from millrace.run where id = any(${this.runs}::uuid[])`.execute(tx),
    );
    return this.runs.map((run) => {
      const { id, ...row } = rows.find((one) => one.id === run) as (typeof rows)[number];
      return { ...row, through: throughOf(run) };
    });
  }
}

/** By what it has written, and how often. */
function throughOf(run: string): string | null {
  const found = ['answered', 'expired'].flatMap((step) => {
    const times = written.get(`${run} ${step}`) ?? 0;
    return times === 0 ? [] : times === 1 ? [step] : [`${step} ${times} times`];
  });
  return found.length === 0 ? null : found.join(' and ');
}
