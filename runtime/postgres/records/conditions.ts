import { ExactNumber, type Json, type RecordCondition, type Scalar } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import { json } from '../json.ts';

/**
 * Whether a record fits the condition; neither true nor false where the field is missing or of another kind.
 * @param record name of a row with `data`, `created_at` and `updated_at`
 */
export function fits(condition: RecordCondition, record: string): RawBuilder<boolean> {
  const { field, equals, in: among } = condition;
  const value = fieldOf(record, field);
  const tests = [
    ...(equals === undefined ? [] : [isOneOf(record, field, [equals])]),
    ...(among === undefined ? [] : [isOneOf(record, field, among)]),
    ...bounds.flatMap(([name, comparison]) => {
      const bound = condition[name];
      return bound === undefined ? [] : [within(value, comparison, bound)];
    }),
    ...times.flatMap(([name, comparison]) => {
      const moment = condition[name];
      return moment === undefined ? [] : [atTime(value, comparison, moment)];
    }),
  ];
  return tests.length > 0 ? sql`(${sql.join(tests, sql` and `)})` : sql`true`;
}

/** Parts of which the data of every record that fits contains one, where the conditions say so. */
export function partsAsked(conditions: readonly RecordCondition[]): readonly Json[] | undefined {
  const exact = conditions.find(
    ({ field, equals, in: among }) => !(field in columns) && (equals !== undefined || among !== undefined),
  );
  return exact && (exact.in ?? [exact.equals as Scalar]).map((value) => nested(exact.field, value));
}

/** As `jsonb`; null where the record has no such field. */
export function fieldOf(record: string, field: string): RawBuilder<unknown> {
  const column = columns[field];
  return column
    ? sql`to_jsonb(${sql.ref(`${record}.${column}`)})`
    : sql`${dataOf(record)} #> ${field.split('.')}::text[]`;
}

export const timeColumns: Readonly<Record<string, string>> = { $created: 'created_at', $updated: 'updated_at' };
/** What is asked of the record itself, not of its data. */
const columns: Readonly<Record<string, string>> = { ...timeColumns, $id: 'id' };

function dataOf(record: string): RawBuilder<unknown> {
  return sql.ref(`${record}.data`);
}

const bounds = [
  ['atLeast', '>='],
  ['above', '>'],
  ['atMost', '<='],
  ['below', '<'],
] as const;

const times = [
  ['since', '>='],
  ['after', '>'],
  ['until', '<='],
  ['before', '<'],
] as const;

/** Of the data by containment, which goes by the index. */
function isOneOf(record: string, field: string, values: readonly Scalar[]): RawBuilder<unknown> {
  if (values.length === 0) return sql`false`;
  if (field === '$id') return sql`${sql.ref(`${record}.id`)} = any (${textsIn(values)}::text[])`;
  const alternatives = values.map((value) =>
    field in columns
      ? sql`${fieldOf(record, field)} = ${json(value)}::jsonb`
      : sql`${dataOf(record)} @> ${json(nested(field, value))}::jsonb`,
  );
  return sql`(${sql.join(alternatives, sql` or `)})`;
}

/** Ids are texts: nothing else is one. */
export function textsIn(values: readonly Scalar[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

function nested(field: string, value: Scalar): Json {
  return field.split('.').reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
}

/** A value of the other kind must not even be cast: the kind is asked first. */
function within(value: RawBuilder<unknown>, comparison: string, bound: Scalar): RawBuilder<unknown> {
  const operator = sql.raw(comparison);
  if (typeof bound === 'number' || bound instanceof ExactNumber)
    return sql`case when jsonb_typeof(${value}) = 'number' then (${value})::numeric end ${operator} ${String(bound)}::numeric`;
  return sql`(case when jsonb_typeof(${value}) = 'string' then ${value} #>> '{}' end) collate "C" ${operator} ${String(bound)}`;
}

/** PostgreSQL would also take words such as “tomorrow” for a time, hence the pattern. */
function atTime(value: RawBuilder<unknown>, comparison: string, moment: string): RawBuilder<unknown> {
  const text = sql`(${value} #>> '{}')`;
  const isTime = sql`jsonb_typeof(${value}) = 'string' and ${text} ~ '^\\d{4}-\\d\\d-\\d\\dT' and pg_input_is_valid(${text}, 'timestamptz')`;
  return sql`case when ${isTime} then ${text}::timestamptz end ${sql.raw(comparison)} ${moment}::timestamptz`;
}
