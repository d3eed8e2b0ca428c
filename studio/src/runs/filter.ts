import { type RunStatus, runStatuses } from '../api/types.ts';
import type { RunFilter } from './queries.ts';

export const periodsMs = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;
export type Within = keyof typeof periodsMs;
export const periods = Object.keys(periodsMs) as readonly Within[];

/** Filters of the run list as they stand in an address; what is unknown there is passed over. */
export function runFilterOf(search: Record<string, unknown>): RunFilter {
  const { flow, code, key, order } = search;
  const status: RunStatus | undefined = runStatuses.find((known) => known === search.status);
  const within = periods.find((known) => known === search.within);
  return onlySaid({
    flow: textOf(flow),
    status,
    within,
    code: textOf(code),
    key: textOf(key),
    order: order === 'oldest' ? 'oldest' : undefined,
  });
}

/** Whether a filter leaves out anything. */
export function isFiltered({ order, ...filter }: RunFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

export function onlySaid<T extends object>(filter: T): T {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as T;
}

/** The router reads what looks like a number as one. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
