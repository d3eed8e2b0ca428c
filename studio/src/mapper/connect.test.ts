import { describe, expect, test } from 'vitest';
import { type Combination, connect } from './connect.ts';
import { isList, wayInWords } from './field-tree.ts';
import type { Line } from './mapping.ts';
import {
  exportDocument,
  field,
  inputTree,
  made,
  order,
  ownMapping,
  sourceTrees,
  targetOrder,
  targetTree,
} from './order.fixture.ts';
import { wiresOf } from './sources-of-lines.ts';
import { suggest } from './suggest.ts';
import { putLine, targetLinesOf } from './target-lines.ts';

function lead(fields: readonly Line[], from: string, to: string, combination?: Combination, root = '') {
  const connection = {
    source: field(sourceTrees, from, root),
    target: field([targetTree], to),
    ...(combination && { combination }),
  };
  return connect(fields, connection, sourceTrees, targetOrder);
}

function led(fields: readonly Line[], from: string, to: string, combination?: Combination, root = ''): readonly Line[] {
  const answer = lead(fields, from, to, combination, root);
  if ('refused' in answer) throw new Error(answer.refused.why);
  return answer.fields;
}

describe('R-X4 the export document of the sample order', () => {
  test('is made by suggestions, a drag, constants and a condition, as the template itself makes it', () => {
    let fields: readonly Line[] = [];
    for (const { source, target } of suggest(fields, inputTree, targetTree)) {
      const answer = connect(fields, { source, target }, sourceTrees, targetOrder);
      fields = 'fields' in answer ? answer.fields : fields;
    }
    fields = led(fields, 'slug', 'org_slug', 'replace', 'tenant');
    fields = led(fields, 'id', 'meta.export_id', 'replace', 'run');
    fields = led(fields, 'body.header.currency', 'lines.*.currency', 'fallback', 'trigger');
    fields = putLine(fields, ['export_version'], { from: '"orderflow_export_json_v1"' }, targetOrder);
    expect(made(fields)).toEqual(exportDocument);
    expect(Object.keys(made(fields) as object)).toEqual(Object.keys(exportDocument as object));
  });

  test('is suggested where names and types agree, with the list first and its fields in it', () => {
    const ways = suggest([], inputTree, targetTree).map(({ source, target }) => [
      wayInWords(source),
      wayInWords(target),
    ]);
    expect(ways).toContainEqual(['lines', 'lines']);
    expect(ways).toContainEqual(['lines[].internal_sku', 'lines[].internal_sku']);
    expect(ways).toContainEqual(['customer.name', 'customer.name']);
    expect(ways).toContainEqual(['meta.source_document', 'meta.source_document']);
    expect(ways.map(([, to]) => to)).not.toContain('export_version');
    expect(ways.map(([, to]) => to)).not.toContain('meta.source_document.sha256');
  });

  test('has a wire for every place that a line reads, a condition for each of its two', () => {
    const wires = wiresOf(targetLinesOf(ownMapping), sourceTrees);
    const toCurrency = wires.filter(({ line }) => wayInWords({ root: '', names: line.names }) === 'lines[].currency');
    expect(toCurrency.map(({ source }) => wayInWords(source))).toEqual([
      'lines[].currency',
      '$trigger.body.header.currency',
    ]);
    expect(toCurrency.every(({ computed }) => computed)).toBe(true);
    expect(wires.find(({ line }) => line.names.join('.') === 'lines')?.source).toBe(field(sourceTrees, 'lines'));
  });
});

describe('R-X4 leading a source to a target', () => {
  test('into a list that has no source repeats the list that the source lies in', () => {
    expect(led([], 'lines.*.qty', 'lines.*.qty')).toEqual([
      { to: 'lines', each: 'lines', fields: [{ to: 'qty', from: 'qty' }] },
    ]);
  });

  test('from outside of the list into it reads the whole input', () => {
    const fields = led(led([], 'lines', 'lines'), 'header.currency', 'lines.*.currency');
    expect(fields).toEqual([{ to: 'lines', each: 'lines', fields: [{ to: 'currency', from: '$$.header.currency' }] }]);
  });

  test('puts lines in the order of the target, wherever one begins', () => {
    const fields = led(
      led(led([], 'header.notes', 'header.notes'), 'customer.id', 'customer.id'),
      'approved_at',
      'approved_at',
    );
    expect(fields.map(({ to }) => to)).toEqual(['approved_at', 'customer.id', 'header.notes']);
  });

  test('several sources become one target, joined, one after the other, or by a condition', () => {
    const first = led([], 'customer.name', 'header.notes');
    expect(led(first, 'customer.id', 'header.notes', 'join')[0]?.from).toBe('customer.name & " " & customer.id');
    expect(led(first, 'customer.id', 'header.notes', 'prefer')[0]?.from).toBe('customer.id ?: customer.name');
    const joined = led(first, 'customer.id', 'header.notes', 'join');
    expect(led(joined, 'meta.created_by', 'header.notes', 'join')[0]?.from).toBe(
      'customer.name & " " & customer.id & " " & meta.created_by',
    );
    expect(led(joined, 'meta.created_by', 'header.notes', 'fallback')[0]?.from).toBe(
      '(customer.name & " " & customer.id) ?? meta.created_by',
    );
  });

  test('never makes a place twice: neither a part of what is made whole, nor the whole of what is made in parts', () => {
    const whole = led([], 'meta.source_document', 'meta.source_document');
    expect(lead(whole, 'customer.id', 'meta.source_document.sha256')).toEqual({
      refused: { why: 'wholeAround', place: 'meta.source_document' },
    });
    const parts = led([], 'customer.id', 'customer.id');
    expect(lead(parts, 'customer', 'customer')).toEqual({ refused: { why: 'inParts', place: 'customer' } });
  });

  test('from outside of every list into a list without a source says so', () => {
    expect(lead([], 'header.currency', 'lines.*.currency')).toEqual({ refused: { why: 'noList', place: 'lines' } });
  });

  test('keeps what a line says besides its source', () => {
    const fields = putLine([], ['approved_at'], { from: 'x', required: true, default: 'never' }, targetOrder);
    expect(led(fields, 'approved_at', 'approved_at')).toEqual([
      { to: 'approved_at', from: 'approved_at', default: 'never', required: true },
    ]);
  });
});

test('the trees have what the schema declares and what the sample has besides', () => {
  expect(isList(field([inputTree], 'lines'))).toBe(true);
  expect(field([inputTree], 'header.requested_delivery_date').kinds).toEqual(['null', 'string']);
  expect(field([inputTree], 'header.currency').required).toBe(true);
  expect(field([inputTree], 'customer.name').value).toBe((order as { customer: { name: string } }).customer.name);
});
