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
  const texts = textsFor(reading);
  for await (const batch of batches(items)) {
    const answers = await answersTo(batch, texts, evaluate);
    yield* batch.map((item, index) => itemOf(item, answers[index] ?? {}, reading));
  }
}

/** What the expressions gave for one item, or why they gave nothing. */
interface Answer {
  readonly id?: Json;
  readonly data?: Json;
  readonly failure?: MillraceError;
}

function itemOf(item: Json, answer: Answer, { id: byExpression, idField = '', map }: Reading): SyncItem {
  const id = byExpression === undefined ? valueIn(item, idField) : answer.id;
  const data = map ? answer.data : item;
  return {
    ...(id !== undefined && { id }),
    ...(data !== undefined && { data }),
    ...(answer.failure && { problem: problemOf(answer.failure) }),
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
async function answersTo(batch: readonly Json[], texts: Texts, evaluate: Evaluate): Promise<readonly Answer[]> {
  if (texts.all === undefined) return [];
  try {
    return ((await evaluate(texts.all, batch)) ?? []) as readonly Answer[];
  } catch (thrown) {
    if (!isOfData(thrown)) throw thrown;
    const answers: Answer[] = [];
    for (const item of batch) answers.push(await answerTo(item, texts, evaluate));
    return answers;
  }
}

/** An item whose data fails may still say whose it would have been. */
async function answerTo(item: Json, { all, id }: Texts, evaluate: Evaluate): Promise<Answer> {
  const ask = async (text: string | undefined): Promise<Answer> =>
    text === undefined ? {} : (((await evaluate(text, [item])) as readonly Answer[])[0] ?? {});
  const orFailure = (thrown: unknown): Answer => {
    if (isOfData(thrown)) return { failure: thrown };
    throw thrown;
  };
  const answer = await ask(all).catch(orFailure);
  return answer.failure ? { ...(await ask(id).catch(orFailure)), ...answer } : answer;
}

function isOfData(thrown: unknown): thrown is MillraceError {
  return thrown instanceof MillraceError && thrown.category === 'validation';
}

/** Expressions for a batch: of every item an object with its id and data, or with its id alone. */
interface Texts {
  /** Nothing where the item itself says it all. */
  readonly all?: string;
  readonly id?: string;
}

function textsFor({ id, map }: Reading): Texts {
  const ids = id === undefined ? [] : [member('id', id, '/config/id')];
  const all = [...ids, ...(map === undefined ? [] : [member('data', mapText(map), '/config/map')])];
  return { ...(all.length > 0 && { all: ofEach(all) }), ...(ids.length > 0 && { id: ofEach(ids) }) };
}

function ofEach(members: readonly string[]): string {
  return `$list($, function($row) { $row.{ ${members.join(', ')} } })`;
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
