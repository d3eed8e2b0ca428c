import { type Json, writeJson } from '@millrace/contract';
import { stringify } from 'csv-stringify/sync';
import { type AuditEntry, type AuditFilter, readEntries } from '../postgres/audit/entries.ts';
import type { Database } from '../postgres/database.ts';

export type ExportFormat = 'csv' | 'jsonl';

const pageSize = 500;
const fields = [
  'position',
  'at',
  'who',
  'whoId',
  'by',
  'address',
  'action',
  'environment',
  'target',
  'before',
  'after',
  'hash',
] as const satisfies readonly (keyof AuditEntry)[];

/** A tenant's audit as text, oldest first, piece by piece: JSON lines, or CSV with a line of names (RFC 4180). */
export async function* exportAudit(
  database: Database,
  tenant: string,
  format: ExportFormat,
  filter: AuditFilter = {},
): AsyncGenerator<string> {
  if (format === 'csv') yield stringify([fields]);
  for (let after = 0; ; ) {
    const entries = await database.asTenants([tenant], (tx) =>
      readEntries(tx, tenant, { ...filter, after, limit: pageSize }),
    );
    if (entries.length > 0) yield format === 'csv' ? asCsv(entries) : asLines(entries);
    const last = entries.at(-1);
    if (!last || entries.length < pageSize) return;
    after = last.position;
  }
}

function asLines(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${writeJson(entry as unknown as Json)}\n`).join('');
}

/** A text that a spreadsheet would take for a formula is shown with an apostrophe before it. */
function asCsv(entries: readonly AuditEntry[]): string {
  const rows = entries.map((entry) => fields.map((field) => cell(entry[field])));
  return stringify(rows, { escape_formulas: true });
}

function cell(value: AuditEntry[keyof AuditEntry]): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : writeJson(value);
}
