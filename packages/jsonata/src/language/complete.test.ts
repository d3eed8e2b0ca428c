import { describe, expect, it } from 'vitest';
import { completionsAt } from './complete.ts';
import { order } from './order.fixture.ts';

/** What is proposed at the `|` of a text, without functions. */
function proposed(marked: string): string[] {
  const position = marked.indexOf('¦');
  const { items } = completionsAt(marked.replace('¦', ''), position, order);
  return items.filter(({ kind }) => kind !== 'function').map(({ insert }) => insert);
}

const orderFields = ['id', '`order-date`', 'note', 'customer', 'lines', 'tags', 'free'];
const lineFields = ['sku', 'qty', 'price'];

describe('while an expression is typed, it proposes', () => {
  it.each([
    ['¦', [...orderFields, '$params']],
    ['cu¦', [...orderFields, '$params']],
    ['cu¦stomer.name', [...orderFields, '$params']],
    ['id & ¦', [...orderFields, '$params']],
    ['customer.¦', ['name', 'vat']],
    ['customer.na¦', ['name', 'vat']],
    ['{ "name": customer.¦', ['name', 'vat']],
    ['{ "name": customer.¦, "id": id }', ['name', 'vat']],
    ['lines.¦', lineFields],
    ['lines[¦', [...lineFields, '$params']],
    ['lines[qty > 1].¦', lineFields],
    ['lines[qty > 1 and ¦]', [...lineFields, '$params']],
    ['lines^(>¦', [...lineFields, '$params']],
    ['lines.{ "sku": ¦', [...lineFields, '$params']],
    ['lines.($x := qty; ¦', [...lineFields, '$x', '$params']],
    ['$map(lines, function($l, $i) { $l.¦', lineFields],
    ['$map(lines, function($l, $i) { $¦', ['$i', '$l', '$params']],
    ['$filter(lines, function($l) { $l.qty > 1 })[0].¦', lineFields],
    ['$sort(lines, function($a, $b) { $a.¦', lineFields],
    ['lines@$l.customer.{ "sku": $l.¦', lineFields],
    ['$ ~> |lines|{ "total": ¦', [...lineFields, '$params']],
    ['($first := lines[0]; $first.¦', lineFields],
    ['($first := lines[0]; $¦', ['$first', '$params']],
    ['$params.¦', ['limit']],
    ['id = "x" ? customer.¦', ['name', 'vat']],
    ['$$.customer.¦', ['name', 'vat']],
    ['lines.{ "id": %.¦', orderFields],
  ])('%s: %j', (text, names) => {
    expect(proposed(text)).toEqual(names);
  });

  it.each(['"cust¦', '"a ¦ b"', 'id ¦', '12¦', '/* cust¦', '/* ¦ */ id', 'id.¦'])('nothing at %s', (text) =>
    expect(proposed(text)).toEqual([]),
  );

  it('functions with what they take and what they are for', () => {
    const { from, items } = completionsAt('id & $upp', 9, order);
    expect(from).toBe(5);
    expect(items.find(({ label }) => label === '$uppercase')).toEqual({
      label: '$uppercase',
      insert: '$uppercase',
      kind: 'function',
      detail: '(text)',
      summary: 'The text in capital letters.',
    });
    expect(items.every(({ label }) => label.startsWith('$'))).toBe(true);
  });

  it('a name only once where the expression has bound it to something else', () => {
    const { items } = completionsAt('($sum := 1; $', 13, order);
    expect(items.filter(({ label }) => label === '$sum')).toMatchObject([{ kind: 'variable', detail: 'number' }]);
  });

  it('types of fields and sentences of what the host binds', () => {
    const items = new Map(completionsAt('', 0, order).items.map((item) => [item.label, item]));
    expect(items.get('order-date')).toEqual({
      label: 'order-date',
      insert: '`order-date`',
      kind: 'field',
      detail: 'text or nothing',
    });
    expect(items.get('$params')).toMatchObject({ detail: '{ limit?: number }', summary: 'Parameters of the flow.' });
  });
});
