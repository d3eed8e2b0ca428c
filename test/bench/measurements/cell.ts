import type { DatabaseServer } from '../database/server.ts';
import type { RunningSystem, SystemName } from '../systems/system.ts';
import { type Measured, measure } from './measure.ts';

/** What is measured over and over while one thing grows. */
export type Series =
  /** The flow `send`; orders in flight. */
  | 'send'
  /** The flow `ack`; orders in flight. */
  | 'ack'
  /** `send`, one in flight; lines of an order. */
  | 'lines'
  /** A chain, one in flight; its nodes. */
  | 'nodes'
  /** `ack`; finished runs that are stored. */
  | 'runs'
  /** `ack`; server processes. */
  | 'processes'
  /** `send`; tenants with twenty deployed flows each. */
  | 'tenants'
  /** The template `order-create` in respond mode; requests a second. */
  | 'order-post'
  /** The template `order-get` in respond mode; requests a second. */
  | 'order-get';

/** One system at one size of a series. */
export interface Cell {
  readonly series: Series;
  readonly size: number;
  /** 0 where requests come at a rate, however many are under way. */
  readonly inFlight: number;
  readonly system: SystemName;
  readonly measured: Measured;
}

/** What came to nothing, and why. */
export interface Failure {
  readonly system: SystemName;
  readonly what: string;
  readonly message: string;
}

/** Where and how everything is measured. */
export interface Bench {
  readonly server: DatabaseServer;
  readonly sinkPort: number;
  /** Counted seconds of a cell. */
  readonly seconds: number;
  /** Smaller sizes, shorter warm-up: to see that it works, not how fast. */
  readonly quick: boolean;
  readonly onCell: (cell: Cell) => void;
  readonly onFailure: (failure: Failure) => void;
}

export interface CellPlan extends Omit<Cell, 'measured' | 'system'> {
  readonly flow: string;
  /** Lines of an order; 10 unless given. */
  readonly lines?: number;
  /** Times the bench's seconds; 1 unless given. */
  readonly longer?: number;
  /** The system's process was just started: its code is still to be compiled. */
  readonly fresh: boolean;
}

const defaultLines = 10;
const warmUpSeconds = { fresh: 5, later: 2, quick: 1 };

/** Measures one cell and tells it; where it came to nothing that is told, and the bench goes on. */
export async function measureCell(bench: Bench, system: RunningSystem, plan: CellPlan): Promise<void> {
  const target = system.target(plan.flow);
  if (!target) return;
  const { series, size, inFlight } = plan;
  const cell = { series, size, inFlight, system: system.name };
  const load = {
    target,
    inFlight,
    lines: plan.lines ?? defaultLines,
    warmUpSeconds: bench.quick ? warmUpSeconds.quick : plan.fresh ? warmUpSeconds.fresh : warmUpSeconds.later,
    seconds: bench.seconds * (plan.longer ?? 1),
    sinkPort: bench.sinkPort,
  };
  try {
    bench.onCell({ ...cell, measured: await measure(load, system, bench.server) });
  } catch (error) {
    const what = `${series} ${size}, ${inFlight} in flight`;
    bench.onFailure({ system: system.name, what, message: (error as Error).message });
  }
}
