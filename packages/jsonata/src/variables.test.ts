import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { Expression } from './index.ts';

const input = { a: [1, 2, 3], b: { c: [{ d: 1 }, { d: 2 }] }, x: 'field' };

/** What jsonata-js says is right; each of these has to do with when a name is bound, and to what. */
test.each([
  '( $x := 1; ( $a := $x; $x := 2; [$a, $x] ) )',
  '( $x := 1; ( $x := 2 ); $x )',
  '( $x := 1; $y := ($x := 2; $x); [$x, $y] )',
  '( $f := function() { $y }; $y := 3; $f() )',
  '( $f := function() { $y }; $g := function() { ( $y := 4; $f() ) }; $y := 3; $g() )',
  '( $x := 1; $f := function() { $x }; $x := 2; $f() )',
  '( $x := 1; true ? ($x := 2) : 0; $x )',
  '( true ? $x := 2; $x )',
  '( false ? $x := 2; $x )',
  '( [$x := 1, $x + 1]; $x )',
  '$x := 5',
  '( $x := $y := 3; [$x, $y] )',
  'a.( $x := $; $x * 2 )',
  'a.( $x = 1 ? "left over" : "fresh"; $x := 1; $x )',
  'a.( $y := $x; $x := $; $y )',
  'a.( $exists($x) ? "left over" : ($x := $) )',
  '( $fs := a.( $x := $; function() { $x } ); $fs.($()) )',
  '( $fs := [1..3].( $x := $; {"f": function() { $x * 10 }} ); $map($fs, function($o) { $o.f() }) )',
  '( $make := function($n) { function($m) { $n + $m } }; $one := $make(1); $ten := $make(10); [$one(1), $ten(1)] )',
  '( $count := function($x) { "own" }; $count([1, 2]) )',
  '( $r := $count([1, 2]); $count := function($x) { "own" }; [$r, $count(1)] )',
  '( $f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10) )',
  '( $even := function($n) { $n = 0 ? true : $odd($n - 1) }; $odd := function($n) { $n = 0 ? false : $even($n - 1) }; $even(101) )',
  '( $f := function($x, $x) { $x }; $f(1, 2) )',
  '( $f := function($x) { ( $x := $x + 1; $x ) }; [$f(1), $f(1)] )',
  '( $f := function($x) { $y := $x }; $f(3) )',
  '( $f := function($x) { $y := $x }; $f(3); $y )',
  'b.c@$i.( $d := $i.d; $d * 10 )',
  'b.c@$i.{ "d": $i.d, "f": function() { $i.d } }.f()',
  '( $fs := b.c@$i.( function() { $i.d } ); $map($fs, function($f) { $f() }) )',
  'b.c#$p.{ "p": $p, "d": d }',
  'b.c#$p[$p = 1].d',
  'b.c@$i#$p[$p > 0].{ "p": $p, "d": $i.d }',
  'b.c.d.%.%.x',
  'b.c.( $k := %.c; $count($k) )',
  '$map([1, 2], function($v, $i, $l) { $v + $i + $count($l) })',
  '$filter(a, function($v, $i) { $i > 0 })',
  '( $f := function($v) { $keys($v) }; $map([{"a": 1}], $f) )',
  '( $f := function($v) { ( $keys($v) ) }; $map([{"a": 1}], $f) )',
  '( $add := function($x, $y) { $x + $y }; $inc := $add(1, ?); $map(a, $inc) )',
  '( $f := $uppercase ~> $lowercase ~> $length; $f("ABC") )',
  '( $f := function($x) { $x[0] }; $f ~> $f )([[[1]]])',
  '$$.x & $.x & x',
  'a[$$.b.c.d]',
  'b.c[d = $$.a[0]]',
  '( $x := "outer"; b.c.( $x ) )',
  '( $x := "outer"; b.c[$x = "outer"].d )',
  '$reduce(a, function($s, $v) { ( $s2 := $s + $v; $s2 ) })',
  'b ~> |c|{ "e": $x := d * 2 }|',
  '( $t := |c|{ "e": $k }|; $k := 7; b ~> $t )',
  '( $y := 1; $eval("$y + 1") )',
  '( $y := 1; $f := function() { $eval("$y") }; $y := 2; $f() )',
  '$eval("a.($ * 2)")',
  '$eval("d", b.c)',
  '( $g := $eval("function($n) { $n + $sum([1, 2]) }"); $g(1) )',
])('%s', async (text) => {
  const theirs: unknown = await jsonata(text).evaluate(structuredClone(input));
  const ours = new Expression(text, { evaluates: true }).evaluate(structuredClone(input));
  expect(plain(ours)).toEqual(plain(theirs));
});

/** Functions within a result have no JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value) ?? 'null') as unknown);
}
