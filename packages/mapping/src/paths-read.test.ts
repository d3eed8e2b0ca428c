import { expect, test } from 'vitest';
import { pathsRead, placeText } from './paths-read.ts';

test.each([
  ['header.currency', ['header.currency']],
  ['first & " " & last', ['first', 'last']],
  ['currency ? currency : $trigger.body.header.currency', ['currency', '$trigger.body.header.currency']],
  ['lines[qty > 1].sku', ['lines.qty', 'lines.sku']],
  ['lines.{ "a": sku, "b": $$.header.no }', ['lines.sku', '$$.header.no']],
  ['$sum(lines.(qty * price))', ['lines.qty', 'lines.price']],
  ['$map(lines, function($line) { $line.sku })', ['lines', 'lines.sku']],
  ['($rate := header.rate; total * $rate)', ['total', 'header.rate']],
  ['$steps.check.`unit price`', ['$steps.check.`unit price`']],
  ['lines^(>qty)[0].sku', ['lines.qty', 'lines.sku']],
  ['$', ['$']],
  ['"fixed"', []],
  ['header.', []],
])('R-X4 %s reads %j', (text, places) => {
  expect(pathsRead(text).map(placeText)).toEqual(places);
});
