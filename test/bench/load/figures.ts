import type { LoadFigures, Percentiles } from './protocol.ts';

/** What is counted while load is on; times in milliseconds. */
export interface Tally {
  readonly fromSent: number[];
  readonly fromAccepted: number[];
  failed: number;
  complaint?: string;
}

/** Moments of one order, in milliseconds of this process's clock. */
export interface Times {
  readonly sent: number;
  /** Absent where the answer came at the end. */
  readonly accepted?: number;
  readonly ended: number;
}

export function emptyTally(): Tally {
  return { fromSent: [], fromAccepted: [], failed: 0 };
}

export function note(tally: Tally, { sent, accepted, ended }: Times): void {
  tally.fromSent.push(ended - sent);
  if (accepted !== undefined) tally.fromAccepted.push(ended - accepted);
}

export function figuresOf({ fromSent, fromAccepted, failed, complaint }: Tally, seconds: number): LoadFigures {
  return {
    flows: fromSent.length,
    seconds,
    perSecond: fromSent.length / seconds,
    fromSent: percentilesOf(fromSent),
    ...(fromAccepted.length > 0 && { fromAccepted: percentilesOf(fromAccepted) }),
    failed,
    ...(complaint !== undefined && { complaint }),
  };
}

/** @throws where something was refused, failed or lost, or nothing was sent: figures with such are no figures */
export function requireSound(figures: LoadFigures): LoadFigures {
  if (figures.failed > 0) throw new Error(`${figures.failed} came to nothing: ${figures.complaint}`);
  if (figures.flows === 0) throw new Error('Nothing ended within the counted time.');
  return figures;
}

/** Of no times at all: NaN. */
export function percentilesOf(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
