import type { Limits } from '../limits/limits.ts';
import type { Cell, Series } from '../measurements/cell.ts';
import type { SystemName } from '../systems/system.ts';
import { growthOf } from './growth.ts';
import { median } from './median.ts';
import { findCell, type Round } from './round.ts';

/** Two figures of the same minutes, one by the other: what remains comparable when the machine drifts. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly better: 'higher' | 'lower';
}

const inFlights = [1, 16, 64, 256];
const limitNames: Readonly<Record<keyof Limits, string>> = {
  inserts: 'commits of one row',
  jobs: 'jobs of bare pg-boss',
  mappings: 'mappings in one thread',
};

/** Millrace's flow and the peer's with which it is compared. */
const pairs: readonly (readonly [ours: 'send' | 'ack', system: SystemName, theirs: 'send' | 'ack'])[] = [
  ['send', 'DBOS Transact', 'send'],
  ['ack', 'DBOS Transact', 'ack'],
  ['send', 'Node-RED', 'send'],
  // It keeps nothing and waits for nothing.
  ['ack', 'Node-RED', 'send'],
];

/** Every ratio for which there are figures. */
export function ratiosOf(round: Round): Ratio[] {
  return [
    ...toPeers(round),
    ...toLimits(round),
    ...toOneProcess(round),
    ...toFewRuns(round),
    ...toFewTenants(round),
    ...toShorter(round),
  ];
}

/** Of several rounds the medians, in the order in which they first appear. */
export function medianRatios(rounds: readonly (readonly Ratio[])[]): Ratio[] {
  const groups = Map.groupBy(rounds.flat(), ({ name }) => name);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, value: median(group.map(({ value }) => value)) }] : [];
  });
}

export const peerRatio = (ours: string, inFlight: number, system: SystemName, theirs: string): string =>
  `${ours}, ${inFlight} in flight ÷ ${system}, ${theirs}`;

function toPeers({ cells }: Round): Ratio[] {
  return pairs.flatMap(([ours, system, theirs]) =>
    inFlights.flatMap((inFlight) => {
      const one = findCell(cells, ours, inFlight);
      const other = findCell(cells, theirs, inFlight, { system });
      return speeds(peerRatio(ours, inFlight, system, theirs), one, other);
    }),
  );
}

function toLimits({ limits, cells }: Round): Ratio[] {
  if (!limits) return [];
  const names = Object.keys(limitNames) as (keyof Limits)[];
  return (['send', 'ack'] as const).flatMap((flow) => {
    const cell = findCell(cells, flow, 64);
    if (!cell) return [];
    return names.map((limit): Ratio => {
      const value = cell.measured.perSecond / limits[limit];
      return { name: `${flow}, 64 in flight ÷ ${limitNames[limit]}`, value, better: 'higher' };
    });
  });
}

export const processesRatio = (processes: number, inFlight: number): string =>
  `${processes} processes ÷ 1, ${inFlight} in flight`;

function toOneProcess({ cells }: Round): Ratio[] {
  return cells
    .filter(({ series, size }) => series === 'processes' && size > 1)
    .flatMap((cell) => {
      const { inFlight, size } = cell;
      return speeds(processesRatio(size, inFlight), cell, findCell(cells, 'processes', 1, { inFlight }));
    });
}

/** What a flow costs in time with many stored runs, by what it costs with the fewest. */
function toFewRuns({ cells }: Round): Ratio[] {
  const [few, ...more] = inSeries(cells, 'runs');
  return more.flatMap((many) =>
    costs(`a flow with ${whole(many.size)} stored runs ÷ with ${whole(few?.size ?? 0)}`, many, few),
  );
}

/** What the load of one tenant, a request and a schedule cost in processor time beside many tenants, by what without them. */
function toFewTenants({ cells, tenants = [] }: Round): Ratio[] {
  const [few, ...more] = inSeries(cells, 'tenants');
  const flows = more.flatMap((many) => (few ? [besideTenants('a flow', many.size, cpuOf(many) / cpuOf(few))] : []));
  const [one, ...others] = tenants;
  return [
    ...flows,
    ...others.flatMap((many) =>
      one
        ? [
            besideTenants('a request', many.tenants, many.requestCpu / one.requestCpu),
            besideTenants('a schedule', many.tenants, many.scheduleCpu / one.scheduleCpu),
          ]
        : [],
    ),
  ];
}

function besideTenants(what: string, tenants: number, value: number): Ratio {
  return { name: `CPU of ${what} with ${whole(tenants)} tenants ÷ with 1`, value, better: 'lower' };
}

function cpuOf({ measured: { perFlow } }: Cell): number {
  return perFlow.systemCpu + perFlow.databaseCpu;
}

function toShorter({ cells }: Round): Ratio[] {
  return (['lines', 'nodes'] as const).flatMap((series) => {
    const growth = growthOf(inSeries(cells, series).map(({ size, measured }) => [size, measured.fromSent.p50]));
    if (!growth) return [];
    const [from, middle, to] = growth.sizes.map(whole);
    const name = `one of the ${series} more, from ${middle} to ${to} ÷ from ${from} to ${middle}`;
    return [{ name, value: growth.ratio, better: 'lower' }];
  });
}

const speeds = (name: string, one?: Cell, other?: Cell): Ratio[] =>
  one && other ? [{ name, value: one.measured.perSecond / other.measured.perSecond, better: 'higher' }] : [];

const costs = (name: string, one?: Cell, other?: Cell): Ratio[] =>
  one && other ? [{ name, value: other.measured.perSecond / one.measured.perSecond, better: 'lower' }] : [];

function inSeries(cells: readonly Cell[], series: Series): Cell[] {
  return cells.filter((cell) => cell.series === series).toSorted((a, b) => a.size - b.size);
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}
