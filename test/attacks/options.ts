import { parseArgs } from 'node:util';

export interface AttackOptions {
  /** Numbers of the cases to try; all where absent. */
  readonly only?: readonly number[];
}

/** @throws {TypeError} for an option that there is not, or a number that is none */
export function readOptions(args: readonly string[]): AttackOptions {
  const { only } = parseArgs({ args: [...args], options: { only: { type: 'string' } } }).values;
  return only === undefined ? {} : { only: only.split(',').flatMap(numbersOf) };
}

/** `18` or `18-29`. */
function numbersOf(part: string): number[] {
  const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
  if (first === undefined) throw new TypeError(`“${part}” is neither a number such as 18 nor a range such as 18-29.`);
  return Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) }, (_, n) => Number(first) + n);
}
