import { type Json, type JsonObject, MillraceError, type NodeContext, writeJson } from '@millrace/contract';
import type { AggregateConfig, AggregateField } from './config.ts';
import type { ItemValues } from './values.ts';

/** Most groups, and most values that are collected in all of them together. */
const maxGroups = 50_000;
const maxCollected = 100_000;

interface Group {
  readonly keys: readonly (Json | undefined)[];
  /** What has been taken for each field so far. */
  readonly taken: (Json | undefined)[];
}

/** What is said of each group, as items come along; the groups stand in the order of their first items. */
export class Groups {
  readonly #config: AggregateConfig;
  readonly #evaluate: NodeContext['evaluate'];
  readonly #byKey = new Map<string, Group>();
  #collected = 0;

  constructor(config: AggregateConfig, evaluate: NodeContext['evaluate']) {
    this.#config = config;
    this.#evaluate = evaluate;
    if (!config.groupBy) this.#groupOf([]);
  }

  /** @throws {MillraceError} `AGGREGATE_TOO_LARGE`, and where a value that is to be added is no number */
  async add(items: readonly ItemValues[]): Promise<void> {
    const addends = new Map<Group, Json[][]>();
    for (const { keys, fields } of items) {
      const group = this.#groupOf(keys);
      for (const [index, field] of this.#config.fields.entries()) {
        const value = fields[index];
        if (value === undefined) continue;
        if (field.take === 'sum') addendsOf(addends, group, index).push(value);
        else group.taken[index] = this.#takenWith(field.take, group.taken[index], value);
      }
    }
    await this.#addUp(addends);
  }

  *results(): Generator<JsonObject> {
    for (const { keys, taken } of this.#byKey.values()) {
      const named = [
        ...(this.#config.groupBy ?? []).map(({ to }, index) => [to, keys[index]] as const),
        ...this.#config.fields.map(
          ({ to, take }, index) => [to, taken[index] === undefined ? ofNothing(take) : taken[index]] as const,
        ),
      ];
      yield Object.fromEntries(named.filter((pair): pair is [string, Json] => pair[1] !== undefined));
    }
  }

  #groupOf(keys: readonly (Json | undefined)[]): Group {
    // A missing value is another one than null.
    const key = keys.map((value) => (value === undefined ? '' : writeJson(value))).join('\n');
    const known = this.#byKey.get(key);
    if (known) return known;
    const group = { keys, taken: [] };
    this.#byKey.set(key, group);
    if (this.#byKey.size > maxGroups) throw tooLarge(`There are more than ${maxGroups} groups.`);
    return group;
  }

  #takenWith(take: Exclude<AggregateField['take'], 'sum'>, before: Json | undefined, value: Json): Json {
    if (take === 'count') return ((before ?? 0) as number) + 1;
    if (take === 'first') return before === undefined ? value : before;
    if (take === 'last') return value;
    this.#collected += 1;
    if (this.#collected > maxCollected) throw tooLarge(`More than ${maxCollected} values would be collected.`);
    const list = (before ?? []) as Json[];
    list.push(value);
    return list;
  }

  /** All sums of a batch in one evaluation, by the exact arithmetic that expressions have. */
  async #addUp(addends: ReadonlyMap<Group, Json[][]>): Promise<void> {
    const places = [...addends].flatMap(([group, lists]) =>
      lists.flatMap((list, index) => (list ? [{ group, index, list }] : [])),
    );
    if (places.length === 0) return;
    const lists = places.map(({ group, index, list }) => [group.taken[index] ?? 0, ...list]);
    const sums = (await this.#evaluate('$list($, function($list) { $moneySum($list) })', lists)) as readonly Json[];
    for (const [at, { group, index }] of places.entries()) group.taken[index] = sums[at];
  }
}

function addendsOf(addends: Map<Group, Json[][]>, group: Group, index: number): Json[] {
  const lists = addends.get(group) ?? [];
  addends.set(group, lists);
  lists[index] ??= [];
  return lists[index];
}

/** Of a group without any value. */
function ofNothing(take: AggregateField['take']): Json | undefined {
  if (take === 'sum' || take === 'count') return 0;
  return take === 'collect' ? [] : undefined;
}

function tooLarge(message: string): MillraceError {
  return new MillraceError('AGGREGATE_TOO_LARGE', message);
}
