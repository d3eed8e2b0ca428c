import { JsonataError } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { Grouping } from '../front/syntax.ts';
import { checkKey } from '../value/field.ts';
import { Gathered } from '../value/gathered.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

interface Group {
  readonly data: Gathered;
  readonly pair: number;
}
export type Groups = Map<string, Group>;

/** The compiled keys and values of a grouping, pair by pair. */
export interface Pairs {
  readonly keys: readonly Code[];
  readonly values: readonly Code[];
  readonly position: number | undefined;
}

export function compilePairs({ lhs, position }: Grouping, scope: Scope, valueScope = scope): Pairs {
  return {
    keys: lhs.map(([key]) => scope.unit.compile(key, scope)),
    values: lhs.map(([, value]) => scope.unit.compile(value, valueScope)),
    position,
  };
}

/** `{ key: value }` over a list: all keys first, then each value once for all the items that share its key. */
export function groupCode(pairs: Pairs): Code {
  const { keys, values, position } = pairs;
  const cost = keys.reduce((sum, key) => sum + key.cost, 1);
  return code(
    (input, frame) => {
      const items = !Array.isArray(input) ? [input] : input.length === 0 ? [undefined] : input;
      frame.run.spend(items.length * cost, position);
      const groups: Groups = new Map();
      for (const item of items) addItem(groups, item, item, pairs, frame);
      return valuesOf(groups, pairs, frame);
    },
    [],
    [...keys, ...values],
  );
}

/** @param context what `$` is for the keys */
export function addItem(
  groups: Groups,
  item: unknown,
  context: unknown,
  { keys, position }: Pairs,
  frame: Frame,
): void {
  for (let pair = 0; pair < keys.length; pair++) {
    const key = (keys[pair] as Code).run(context, frame);
    if (key !== undefined) addToGroup(groups, checkedKey(key, position), pair, item, frame, position);
  }
}

/** @throws {JsonataError} T1003, D1013 */
function checkedKey(key: unknown, position: number | undefined): string {
  if (typeof key !== 'string') throw new JsonataError('T1003', { position });
  return checkKey(key);
}

/** @throws {JsonataError} D1009 when two pairs give one key */
function addToGroup(
  groups: Groups,
  key: string,
  pair: number,
  item: unknown,
  { run }: Frame,
  position: number | undefined,
): void {
  const group = groups.get(key);
  if (!group) {
    run.allocate(64 + 2 * key.length, position);
    groups.set(key, { data: new Gathered(item), pair });
  } else {
    if (group.pair !== pair) throw new JsonataError('D1009', { position });
    group.data.add(run, item, position);
  }
}

function valuesOf(groups: Groups, { values, position }: Pairs, frame: Frame): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, { data, pair }] of groups) {
    const value = values[pair] as Code;
    frame.run.spend(value.cost, position);
    const found = value.run(data.value, frame);
    if (found !== undefined) result[key] = found;
  }
  return result;
}
