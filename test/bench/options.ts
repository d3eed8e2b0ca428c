import { parseArgs } from 'node:util';
import { type FlowName, flowNames } from './workload/flows.ts';

/** What can be measured by itself. */
export type PartName =
  | FlowName
  | 'limits'
  | 'lines'
  | 'nodes'
  | 'runs'
  | 'processes'
  | 'orders'
  | 'commerce'
  | 'tenants';

const partNames: readonly PartName[] = [
  ...flowNames,
  'limits',
  'lines',
  'nodes',
  'runs',
  'processes',
  'orders',
  'commerce',
  'tenants',
];

export interface BenchOptions {
  readonly parts: readonly PartName[];
  /** Counted seconds of each measurement. */
  readonly seconds: number;
  /** Times that everything is measured; medians count. */
  readonly rounds: number;
  /** Smaller sizes, one round: to see that everything works. */
  readonly quick: boolean;
  /** Measure the other systems too. */
  readonly peers: boolean;
  /** Everything is measured as it should be: such results are recorded. */
  readonly complete: boolean;
  /** Record the results though something became slower. */
  readonly accept: boolean;
  /** Show where the time goes instead of measuring. */
  readonly profile: boolean;
}

/** @throws {TypeError} for an option that there is not, or a value that does not fit */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      seconds: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
      accept: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  const { quick, only, accept, profile } = values;
  const named = [...positionals, ...(only === undefined ? [] : only.split(','))].map(partNamed);
  const parts = named.length > 0 ? named : partNames;
  // The others have nothing but these flows.
  const peers = !values['no-peers'] && flowNames.some((flow) => parts.includes(flow));
  return {
    parts,
    seconds: values.seconds === undefined ? (quick ? 3 : 10) : secondsOf(values.seconds),
    rounds: quick ? 1 : 3,
    quick,
    peers,
    complete: named.length === 0 && !quick && peers,
    accept,
    profile,
  };
}

function partNamed(name: string): PartName {
  const found = partNames.find((one) => one === name);
  if (!found) throw new TypeError(`There is no measurement “${name}”; there are ${partNames.join(', ')}.`);
  return found;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1)) throw new TypeError(`“${text}” is no number of seconds from 1 up.`);
  return seconds;
}
