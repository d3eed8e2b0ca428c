import { isObject, type Json, type JsonObject, MillraceError, type NodeContext } from '@millrace/contract';
import { analyse } from '@millrace/mapping';
import type { AggregateConfig } from './config.ts';

/** What the config asks of one item: its values by their place in `groupBy` and `fields`; missing where there is none. */
export interface ItemValues {
  readonly keys: readonly (Json | undefined)[];
  readonly fields: readonly (Json | undefined)[];
}

/** Items that are evaluated at once. */
const batchSize = 1000;

/**
 * Evaluates what the config asks of every item, many items at a time.
 * @throws {MillraceError} `EXPRESSION_PARSE` with the pointer to the setting, and what evaluating throws
 */
export async function* valuesOf(
  items: AsyncIterable<Json> | Iterable<Json>,
  config: AggregateConfig,
  evaluate: NodeContext['evaluate'],
): AsyncGenerator<readonly ItemValues[]> {
  const text = textFor(config);
  for await (const batch of batches(items)) {
    const answers = ((await evaluate(text, batch)) ?? []) as readonly Json[];
    yield batch.map((item, index) => itemValues(item, answers[index], config));
  }
}

/** A field without an expression is of the item itself. */
function itemValues(item: Json, answer: Json | undefined, { groupBy = [], fields }: AggregateConfig): ItemValues {
  const values: JsonObject = isObject(answer) ? answer : {};
  return {
    keys: groupBy.map((_, index) => values[`k${index}`]),
    fields: fields.map(({ from }, index) => (from === undefined ? item : values[`f${index}`])),
  };
}

async function* batches(items: AsyncIterable<Json> | Iterable<Json>): AsyncGenerator<Json[]> {
  let batch: Json[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** One expression for a batch: of every item an object with its values, which leaves out those that are missing. */
function textFor({ groupBy = [], fields }: AggregateConfig): string {
  const members = [
    ...groupBy.map(({ from }, index) => member(`k${index}`, from, `/config/groupBy/${index}/from`)),
    ...fields.flatMap(({ from }, index) =>
      from === undefined ? [] : [member(`f${index}`, from, `/config/fields/${index}/from`)],
    ),
  ];
  return `$list($, function($row) { $row.{ ${members.join(', ')} } })`;
}

/** Checked by itself first: a text that is an expression stays one between parentheses. */
function member(name: string, text: string, pointer: string): string {
  const { error } = analyse(text);
  if (error) throw new MillraceError(error.code, error.message, { pointer });
  return `"${name}": (${text})`;
}
