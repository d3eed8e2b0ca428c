import { isObject, type Json, MillraceError, type NodeContext, type SyncItem } from '@millrace/contract';
import { analyse, fieldsToText } from '@millrace/mapping';
import type { ItemMap, SyncConfig } from './config.ts';

type Reading = Pick<SyncConfig, 'id' | 'idField' | 'map'>;
type Evaluate = NodeContext['evaluate'];

/** Items that are evaluated at once. */
const batchSize = 1000;

/**
 * What each item says of its record, in the order of the items. An item for which an expression fails has that as its problem.
 * @throws {MillraceError} `EXPRESSION_PARSE` with the pointer to the setting, and what evaluating throws that is nobody's data
 */
export async function* readItems(
  items: AsyncIterable<Json>,
  reading: Reading,
  evaluate: Evaluate,
): AsyncGenerator<SyncItem> {
  const text = textFor(reading);
  for await (const batch of batches(items)) {
    const answers = text === undefined ? batch : await evaluated(batch, text, evaluate);
    yield* batch.map((item, index) => itemOf(item, answers[index], reading));
  }
}

/** What an expression gave, or why it gave nothing. */
type Answer = Json | undefined | MillraceError;

function itemOf(item: Json, answer: Answer, { id, idField = '', map }: Reading): SyncItem {
  const values = isObject(answer as Json) ? (answer as Record<string, Json>) : {};
  const known = id === undefined ? valueIn(item, idField) : values.id;
  const data = map ? values.data : item;
  return {
    ...(known !== undefined && { id: known }),
    ...(data !== undefined && { data }),
    ...(answer instanceof MillraceError && { problem: problemOf(answer) }),
  };
}

function problemOf({ code, message, options: { pointer = '' } }: MillraceError): NonNullable<SyncItem['problem']> {
  return { code, pointer, message };
}

function valueIn(item: Json, field: string): Json | undefined {
  return field.split('.').reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), item);
}

async function* batches(items: AsyncIterable<Json>): AsyncGenerator<Json[]> {
  let batch: Json[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** One item that fails lets the whole batch fail; then each is asked by itself. */
async function evaluated(batch: readonly Json[], text: string, evaluate: Evaluate): Promise<readonly Answer[]> {
  try {
    return (await evaluate(text, batch)) as readonly Json[];
  } catch (thrown) {
    if (!isOfData(thrown)) throw thrown;
    const answers: Answer[] = [];
    for (const item of batch) answers.push(await evaluatedAlone(item, text, evaluate));
    return answers;
  }
}

async function evaluatedAlone(item: Json, text: string, evaluate: Evaluate): Promise<Answer> {
  try {
    return ((await evaluate(text, [item])) as readonly Json[])[0];
  } catch (thrown) {
    if (isOfData(thrown)) return thrown;
    throw thrown;
  }
}

function isOfData(thrown: unknown): thrown is MillraceError {
  return thrown instanceof MillraceError && thrown.category === 'validation';
}

/** One expression for a batch: of every item an object with what it has of id and data. Nothing where the item says it all. */
function textFor({ id, map }: Reading): string | undefined {
  const members = [
    ...(id === undefined ? [] : [member('id', id, '/config/id')]),
    ...(map === undefined ? [] : [member('data', mapText(map), '/config/map')]),
  ];
  return members.length > 0 ? `$list($, function($row) { $row.{ ${members.join(', ')} } })` : undefined;
}

function mapText({ fields, expression }: ItemMap): string {
  // The schema demands exactly one of the two.
  return fields ? fieldsToText(fields) : (expression as string);
}

/** Checked by itself first: a text that is an expression stays one between parentheses. */
function member(name: string, text: string, pointer: string): string {
  const { error } = analyse(text);
  if (error) throw new MillraceError(error.code, error.message, { pointer });
  return `"${name}": (${text})`;
}
