import { open } from '../api/client.ts';
import { saveFile } from '../parts/save-file.ts';
import { type AuditFilter, asked } from './queries.ts';

/** Saves the audit as a file, filtered as the page is. */
export async function downloadAudit(format: 'csv' | 'jsonl', filter: AuditFilter): Promise<void> {
  const response = await open('get /audit/export', undefined, { query: { format, ...asked(filter) } });
  saveFile(`audit.${format}`, await response.blob());
}
