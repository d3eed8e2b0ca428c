import { Callable } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { isDecimal } from '../value/decimal.ts';
import { deal } from './match.ts';
import { type Parameter, readParameters } from './parameter.ts';

/** Ways to deal out arguments that are kept per signature; more come only of calls that vary without end. */
const maxKept = 64;

/** The parameters that a function declares. */
export class Signature {
  readonly definition: string;
  private readonly parameters: readonly Parameter[];
  private readonly kept = new Map<string, readonly number[]>();

  /** @throws {JsonataError} S0401, S0402 */
  constructor(definition: string) {
    this.definition = definition;
    this.parameters = readParameters(definition);
  }

  /**
   * The arguments as the function takes them: context in place of a missing one, single values as lists.
   * @throws {JsonataError} T0410, T0411, T0412 with the number of the argument
   */
  validate(run: Run, args: readonly unknown[], context: unknown): unknown[] {
    const counts = this.dealt(args);
    const valid: unknown[] = [];
    let at = 0;
    for (let index = 0; index < this.parameters.length; index++) {
      const parameter = this.parameters[index] as Parameter;
      const count = counts[index] as number;
      if (count === 0) valid.push(parameter.context ? fromContext(parameter, context, at) : args[at++]);
      for (let taken = 0; taken < count; taken++, at++) valid.push(asTaken(run, parameter, args[at], at));
    }
    return valid;
  }

  /**
   * Types of so many arguments that can be passed on as they are, for the quick way; nothing where there is none.
   */
  quick(count: number): QuickType[] | undefined {
    if (count > this.parameters.length || this.parameters.some(({ repeats }) => repeats)) return undefined;
    if (this.parameters.slice(count).some(({ optional, context }) => !optional || context)) return undefined;
    return this.parameters.slice(0, count).map(quickType);
  }

  private dealt(args: readonly unknown[]): readonly number[] {
    let letters = '';
    for (const arg of args) letters += letterOf(arg);
    const known = this.kept.get(letters);
    if (known) return known;
    const counts = deal(this.parameters, letters, true);
    if (!counts) throw this.misfit(letters);
    if (this.kept.size < maxKept) this.kept.set(letters, counts);
    return counts;
  }

  /** The first argument that no parameter takes. */
  private misfit(letters: string): JsonataError {
    let good = 0;
    for (let count = 1; count <= this.parameters.length; count++) {
      const counts = deal(this.parameters.slice(0, count), letters, false);
      if (!counts) break;
      good = counts.reduce((sum, taken) => sum + taken, 0);
    }
    return new JsonataError('T0410', { index: good + 1 });
  }
}

function fromContext({ takes }: Parameter, context: unknown, at: number): unknown {
  if (!takes.includes(letterOf(context))) throw new JsonataError('T0411', { index: at + 1 });
  return context;
}

function asTaken(run: Run, { isList, items }: Parameter, arg: unknown, at: number): unknown {
  if (!isList || arg === undefined) return arg;
  if (!Array.isArray(arg)) {
    if (items !== undefined && letterOf(arg) !== items) throw new JsonataError('T0412', { index: at + 1 });
    return [arg];
  }
  if (items !== undefined) run.spend(arg.length);
  if (items !== undefined && arg.length > 0 && !arg.every((item) => letterOf(item) === items)) {
    throw new JsonataError('T0412', { index: at + 1 });
  }
  return arg;
}

function letterOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'object':
      return letterOfObject(value);
    default:
      return 'm';
  }
}

function letterOfObject(value: object | null): string {
  if (value === null) return 'l';
  if (Array.isArray(value)) return 'a';
  if (value instanceof Callable) return 'f';
  return isDecimal(value) ? 'n' : 'o';
}

/** Checks that are quickly made, by numbers; what does not pass goes the long way. */
export const quick = {
  none: 0,
  any: 1,
  string: 2,
  number: 3,
  boolean: 4,
  list: 5,
  numbers: 6,
  function: 7,
  object: 8,
} as const;
export type QuickType = (typeof quick)[keyof typeof quick];

const quickTypes: Readonly<Record<string, QuickType>> = {
  sm: quick.string,
  sfm: quick.string,
  nm: quick.number,
  bm: quick.boolean,
  nsbm: quick.string,
  f: quick.function,
  om: quick.object,
  asnblfom: quick.any,
};

function quickType({ takes, isList, items }: Parameter): QuickType {
  if (isList) return items === undefined ? quick.list : items === 'n' ? quick.numbers : quick.none;
  return quickTypes[takes] ?? quick.none;
}

export function fits(type: QuickType, value: unknown): boolean {
  switch (type) {
    case 1:
      return true;
    case 2:
      return typeof value === 'string';
    case 3:
      return typeof value === 'number';
    case 4:
      return typeof value === 'boolean';
    case 5:
      return Array.isArray(value);
    case 6:
      return Array.isArray(value) && areNumbers(value);
    case 7:
      return value instanceof Callable;
    case 8:
      return letterOf(value) === 'o';
    default:
      return false;
  }
}

function areNumbers(list: readonly unknown[]): boolean {
  for (let index = 0; index < list.length; index++) if (typeof list[index] !== 'number') return false;
  return true;
}
