import { type Json, writeJson } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';

/** A value for a `json` or `jsonb` column; exact numbers keep their digits. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${value === undefined ? null : writeJson(value as Json)}`;
}

/** Rows for `json_to_recordset`: many rows in one statement, whatever their number. */
export function rows(values: readonly object[]): RawBuilder<unknown> {
  return sql`${writeJson(values as unknown as Json)}::json`;
}
