import { expect, it } from 'vitest';
import { hoverAt } from './hover.ts';
import { order } from './order.fixture.ts';

/** What is told of the place at the `¦`. */
const told = (marked: string) => hoverAt(marked.replace('¦', ''), marked.indexOf('¦'), order);

it.each([
  ['cust¦omer.name', 'customer: { name: text, vat?: text }'],
  ['customer.na¦me', 'name: text'],
  ['customer.¦name', 'name: text'],
  ['customer.name¦', 'name: text'],
  ['`order-¦date`', 'order-date: text or nothing'],
  ['lines[q¦ty > 1].sku', 'qty: number'],
  ['lines.q¦ty', 'qty: number or list of number or nothing'],
  ['($x := id; $¦x)', '$x: text'],
  ['($¦x := id; $x)', '$x: text'],
  ['$map(lines, function($¦l) { $l.sku })', '$l: { sku: text, qty: number, price?: number } or nothing'],
  ['($f := function($a) { $a }; $¦f(1))', '$f: function($a)'],
  ['$sum(lines.q¦ty', 'qty: number or list of number or nothing'],
])('%s is told as %s', (text, title) => expect(told(text)?.title).toBe(title));

it('a function is told with what it takes, what it is for and an example', () => {
  expect(told('id & $sub¦string(id, 3)')).toEqual({
    from: 5,
    to: 15,
    title: '$substring(text, start, length?)',
    summary: 'The part of the text from a place on, counted from 0, or from the end where it is negative.',
    example: { expression: '$substring("PO-4711", 3, 2)', result: '47' },
  });
});

it('what the host binds is told with its sentence', () => {
  expect(told('$par¦ams.limit')).toMatchObject({
    title: '$params: { limit?: number }',
    summary: 'Parameters of the flow.',
  });
});

it.each(['"cust¦omer"', '1¦2', 'id ¦& id', '/* i¦d */ id', '¦'])('there is nothing to be told of %s', (text) =>
  expect(told(text)).toBeUndefined(),
);
