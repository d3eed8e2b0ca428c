import type { Cell, Series } from '../measurements/cell.ts';
import type { Measured } from '../measurements/measure.ts';
import { figure, table } from './table.ts';

const columns: readonly (readonly [head: string, of: (measured: Measured) => number | undefined])[] = [
  ['flows/s', ({ perSecond }) => perSecond],
  ['p50 ms', ({ fromSent }) => fromSent.p50],
  ['p99 ms', ({ fromSent }) => fromSent.p99],
  ['accepted → finished p50', ({ fromAccepted }) => fromAccepted?.p50],
  ['p99', ({ fromAccepted }) => fromAccepted?.p99],
  ['commits', ({ perFlow }) => perFlow.commits],
  ['WAL bytes', ({ perFlow }) => perFlow.walBytes],
  ['WAL syncs', ({ perFlow }) => perFlow.walSyncs],
  ['CPU µs, system', ({ perFlow }) => perFlow.systemCpu],
  ['CPU µs, database', ({ perFlow }) => perFlow.databaseCpu],
];

const names: Readonly<Record<Series, (cell: Cell) => string>> = {
  send: ({ system, inFlight }) => `${inFlight} in flight, ${system}`,
  ack: ({ system, inFlight }) => `${inFlight} in flight, ${system}`,
  lines: ({ size }) => `${whole(size)} lines`,
  nodes: ({ size }) => `${whole(size)} nodes`,
  runs: ({ size }) => `${whole(size)} stored runs`,
  processes: ({ size, inFlight }) => `${size === 1 ? '1 process' : `${size} processes`}, ${inFlight} in flight`,
  tenants: ({ size }) => (size === 1 ? 'the only tenant' : `one of ${whole(size)} tenants`),
  'order-post': ({ size }) => `${size} requests/s`,
  'order-get': ({ size }) => `${size} requests/s`,
};

/** Everything that was measured in a series; what comes after the times is per flow. Nothing where it was not measured. */
export function seriesTable(cells: readonly Cell[], series: Series): string | undefined {
  const found = cells.filter((cell) => cell.series === series);
  if (found.length === 0) return undefined;
  const rows = found
    .toSorted(inOrder)
    .map((cell) => [nameOf(cell), ...columns.map(([, of]) => figure(of(cell.measured)))]);
  return table(['', ...columns.map(([head]) => head)], rows);
}

export function nameOf(cell: Cell): string {
  return names[cell.series](cell);
}

const inOrder = (a: Cell, b: Cell) => a.size - b.size || a.inFlight - b.inFlight;

function whole(value: number): string {
  return value.toLocaleString('en-US');
}
