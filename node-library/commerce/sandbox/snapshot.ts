import { type Json, writeJson } from '@millrace/contract';

/** Lines that go out together: a million lines one by one would be a million writes. */
const chunk = 1000;

type Level = { readonly sku: string; readonly qty: Json };

/** The stock as a JSON array, in parts of some thousand lines. */
export function* jsonParts(levels: Iterable<Level>): Iterable<string> {
  let before = '[';
  let lines: string[] = [];
  for (const level of levels) {
    lines.push(writeJson(level));
    if (lines.length < chunk) continue;
    yield before + lines.join(',\n');
    before = ',\n';
    lines = [];
  }
  yield lines.length > 0 ? `${before}${lines.join(',\n')}]` : `${before === '[' ? '[' : ''}]`;
}

/** The stock as CSV (RFC 4180) with a header line. */
export function* csvParts(levels: Iterable<Level>): Iterable<string> {
  yield 'sku,qty\r\n';
  for (const { sku, qty } of levels)
    yield `${/[",\r\n]/.test(sku) ? `"${sku.replaceAll('"', '""')}"` : sku},${qty}\r\n`;
}
