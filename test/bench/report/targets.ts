import type { Series } from '../measurements/cell.ts';
import { peerRatio, processesRatio } from './ratios.ts';
import type { Results } from './results.ts';
import { findCell } from './round.ts';

/** What was wanted, and what came out; no value where it was not measured. */
export interface Target {
  readonly title: string;
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
  readonly unit: '×' | 'commits' | 'ms' | 's' | 'MB';
  readonly value: number | undefined;
}

export type Verdict = 'met' | 'missed' | 'not measured';

export function verdictOf({ bound, value }: Target): Verdict {
  if (value === undefined || Number.isNaN(value)) return 'not measured';
  return ('atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost) ? 'met' : 'missed';
}

/** One and the same speed, measured twice, differs by as much. */
const noise = 0.05;
/** Cost that grows with the square would be 10. */
const linear = 1.5;

export function targetsOf(results: Results): Target[] {
  return [
    ...speedTargets(results),
    ...(['send', 'ack'] as const).flatMap((flow) => costTargets(results, flow)),
    ...growthTargets(results),
    ...orderTargets(results),
    ...commerceTargets(results),
    ...tenantTargets(results),
  ];
}

function speedTargets({ ratios }: Results): Target[] {
  const ratio = (name: string) => ratios.find((one) => one.name === name)?.value;
  return [
    {
      title: 'with ack, 64 in flight, against DBOS Transact with ack',
      bound: { atLeast: 5 },
      unit: '×',
      value: ratio(peerRatio('ack', 64, 'DBOS Transact', 'ack')),
    },
    {
      title: 'with ack, 64 in flight, against Node-RED without ack or durability',
      bound: { atLeast: 0.6 },
      unit: '×',
      value: ratio(peerRatio('ack', 64, 'Node-RED', 'send')),
    },
  ];
}

function costTargets({ cells }: Results, flow: 'send' | 'ack'): Target[] {
  const [alone, at64] = [1, 64].map((inFlight) => findCell(cells, flow, inFlight)?.measured);
  const commits = 'commits' as const;
  return [
    {
      title: `${flow}: commits a flow, 64 in flight`,
      bound: { atMost: 1 },
      unit: commits,
      value: at64?.perFlow.commits,
    },
    { title: `${flow}: commits a flow, alone`, bound: { atMost: 4 }, unit: commits, value: alone?.perFlow.commits },
    {
      title: `${flow}: accepted to finished, alone, p50`,
      bound: { atMost: 12 },
      unit: 'ms',
      value: alone?.fromAccepted?.p50,
    },
  ];
}

function growthTargets({ ratios }: Results): Target[] {
  const starting = (text: string) => ratios.find(({ name }) => name.startsWith(text))?.value;
  const processes = [1, 16, 64].map((inFlight) => starting(processesRatio(4, inFlight)));
  return [
    {
      title: 'speed of 4 processes against 1, where it is least (5 % are noise)',
      bound: { atLeast: 1 - noise },
      unit: '×',
      value: least(processes),
    },
    {
      title: 'cost of a flow with 1,000,000 stored runs against 1,000',
      bound: { atMost: 1.2 },
      unit: '×',
      value: starting('a flow with 1,000,000 stored runs ÷'),
    },
    {
      title: 'cost of a line more, in long orders against short',
      bound: { atMost: linear },
      unit: '×',
      value: starting('one of the lines more, from 1,000 to 10,000'),
    },
    {
      title: 'cost of a node more, in long flows against short',
      bound: { atMost: linear },
      unit: '×',
      value: starting('one of the nodes more, from 50 to 500'),
    },
  ];
}

function orderTargets({ cells }: Results): Target[] {
  const p99 = (series: Series) => cells.find((cell) => cell.series === series)?.measured.fromSent.p99;
  const target = (title: string, series: Series) =>
    ({ title, bound: { atMost: 50 }, unit: 'ms', value: p99(series) }) as const;
  return [
    target('orders created, 50 requests/s, p99', 'order-post'),
    target('orders read, 50 requests/s, p99', 'order-get'),
  ];
}

function commerceTargets({ commerce }: Results): Target[] {
  return [
    {
      title: 'stock changes at 200 a second: sent to stored, p99',
      bound: { atMost: 100 },
      unit: 'ms',
      value: commerce.arrivals?.fromSent.p99,
    },
    {
      title: 'sweep of 1,000,000 stock levels: memory added',
      bound: { atMost: 256 },
      unit: 'MB',
      value: commerce.sweep?.addedMegabytes,
    },
  ];
}

function tenantTargets({ tenants, ratios }: Results): Target[] {
  const flat = (what: string): Target => ({
    title: `CPU of ${what} with 1,000 tenants of 20 deployed flows against 1`,
    bound: { atMost: 1.2 },
    unit: '×',
    value: ratios.find(({ name }) => name === `CPU of ${what} with 1,000 tenants ÷ with 1`)?.value,
  });
  return [
    flat('a flow'),
    flat('a schedule'),
    {
      title: 'start with 1,000 tenants of 20 deployed flows',
      bound: { atMost: 5 },
      unit: 's',
      value: tenants.find((each) => each.tenants === 1000)?.startSeconds,
    },
  ];
}

/** Nothing where one is missing. */
function least(values: readonly (number | undefined)[]): number | undefined {
  return values.some((value) => value === undefined) ? undefined : Math.min(...(values as number[]));
}
