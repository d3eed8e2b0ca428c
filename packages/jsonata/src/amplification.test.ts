import { expect, test } from 'vitest';
import { Expression } from './index.ts';

/**
 * Expressions that make a lot of work out of little text, each where a built-in or an operator works through something
 * that is already there. Were that work not charged, they would come to an end, late; so they must not.
 */
test.each([
  ['a list of positions as a filter', '($x := [1..20000]; $count($x[$x]))'],
  ['the truth of a list', '($x := [1..20000].(0); $count([1..20000][$x]))'],
  ['the truth of a list in a condition', '($x := [1..20000].(0); $count([1..20000].($x ? 1 : 2)))'],
  ['$boolean', '($x := [1..20000].(0); $count([1..20000].($boolean($x))))'],
  ['$not', '($x := [1..20000].(0); $count([1..20000].($not($x))))'],
  ['a name looked for in lists in lists', '($x := [[[1..20000]]]; $count([1..20000].($x.a)))'],
  ['$lookup in lists in lists', '($x := [[[1..20000]]]; $count([1..20000].($lookup($x, "a"))))'],
  ['checks of a signature', '($x := [1..20000]; $f := function($l)<a<n>:n> { 1 }; $sum([1..20000].($f($x))))'],
  ['in', '($x := [1..20000]; $count([1..20000].(0 in $x)))'],
  ['equality of lists', '($x := [1..20000]; $y := [1..20000]; $count([1..20000].($x = $y)))'],
  ['equality of long texts', '($a := $pad("", 1e6, "a"); $b := $pad("", 1e6, "a"); $count([1..90000].($a = $b)))'],
  ['order of long texts', '($a := $pad("", 1e6, "a"); $b := $pad("", 1e6, "a"); $count([1..90000].($a < $b)))'],
  ['long texts in a list', '($a := $pad("", 1e6, "a"); $b := $pad("", 1e6, "a"); $l := [1..90000].($b); $a in $l)'],
  ['$substringBefore', '($a := $pad("", 1e6, "a"); $count([1..90000].($substringBefore($a, "b"))))'],
  ['$substringAfter', '($a := $pad("", 1e6, "a") & "b"; $count([1..90000].($substringAfter($a, "b"))))'],
  ['$contains', '($a := $pad("", 1e6, "a"); $count([1..90000].($contains($a, "b"))))'],
  ['$length', '($a := $pad("", 1e6, "a"); $count([1..90000].($length($a))))'],
  ['$substring', '($a := $pad("", 1e6, "a"); $count([1..90000].($substring($a, 0, 1))))'],
  ['$sum', '($x := [1..20000]; $count([1..20000].($sum($x))))'],
  ['$distinct', '$count($distinct([1..20000].{"a": $}))'],
  ['$each', '($o := $merge([1..20000].{$string($): $}); $count([1..20000].($each($o, $exists))))'],
  ['$string of a large object', '($x := [1..20000].{"a": $}; $count([1..20000].($string($x))))'],
  ['$clone', '($x := [1..20000].{"a": $}; $count([1..20000].($x ~> |a|{}|)))'],
  ['a regular expression over and over', '($a := $pad("", 1e5, "a"); $count([1..9000].($contains($a, /b+c/))))'],
  ['a template full of matches', '$length($replace($pad("", 1e6, "a"), /a{1000}/, $pad("", 1e5, "$0")))'],
  ['long pictures', '($p := $pad("", 1e6, "0,"); $formatInteger(1, $p))'],
  ['pictures that vary', '$count([1..90000].$toMillis("x", "[Yw][MNn][DW]" & $))'],
  ['tuples', '($l := [1..3000]; $count($l@$a.$l@$b.$l@$c))'],
])('%s', (_what, text) => {
  const budget = { fuel: 5_000_000, bytes: 50_000_000 };
  expect(() => new Expression(text).evaluate({}, { budget })).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(D1021|D1022|D3130)$/) }),
  );
});
