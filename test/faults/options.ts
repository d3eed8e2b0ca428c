import { parseArgs } from 'node:util';

export interface FaultOptions {
  readonly long: boolean;
  /** Ids or names of the faults to try; all where absent. */
  readonly only?: readonly string[];
  readonly seed: number;
  /** Plant the known bugs, and see whether they are found. */
  readonly planted: boolean;
}

/** @throws {TypeError} for an option that there is not, or a seed that is no whole number */
export function readOptions(args: readonly string[]): FaultOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      planted: { type: 'boolean', default: false },
    },
  });
  const { long, planted, only } = values;
  if (!/^\d{1,9}$/.test(values.seed)) throw new TypeError(`“${values.seed}” is no seed: a whole number below 10⁹ is.`);
  const named = [...positionals, ...(only === undefined ? [] : only.split(','))];
  return { long, planted, seed: Number(values.seed), ...(named.length > 0 && { only: named }) };
}
