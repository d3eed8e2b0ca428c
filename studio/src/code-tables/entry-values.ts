import { type Json, readJson, writeJson } from '@millrace/contract';
import type { CodeEntry } from './queries.ts';

/** A value as a person types it: a text as it is, anything else as JSON. */
export function valueText(value: Json): string {
  return typeof value === 'string' && !readsAsJson(value) ? value : writeJson(value);
}

/** The way back of {@link valueText}: what reads as JSON is that, everything else a text. */
export function readValue(text: string): Json {
  return readsAsJson(text) ? readJson(text) : text;
}

/** The entries of a page, one group a key: its periods in their order. */
export function byKey(entries: readonly CodeEntry[]): { key: string; periods: CodeEntry[] }[] {
  return [...Map.groupBy(entries, ({ key }) => key)].map(([key, periods]) => ({ key, periods }));
}

function readsAsJson(text: string): boolean {
  try {
    readJson(text);
    return true;
  } catch {
    return false;
  }
}
