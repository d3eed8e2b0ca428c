import { describe, expect, it } from 'vitest';
import { analyse } from './analyse.ts';

describe('what an expression reads', () => {
  it('names the steps it reads, also where the id needs quotes', () => {
    const { steps, readsAllSteps } = analyse('$steps.a.b & $steps."c-d" & $steps.`e f`[0]');
    expect(steps).toEqual(['a', 'c-d', 'e f']);
    expect(readsAllSteps).toBe(false);
  });

  it.each([
    '$steps',
    '$lookup($steps, "a")',
    '$steps.*',
    '$steps.(a)',
    '$steps[0].a',
    '$steps@$s.a',
    '$steps.a.%.b',
    '$steps.**',
  ])('keeps every step for %s', (text) => expect(analyse(text).readsAllSteps).toBe(true));

  it.each<[string, string[][]]>([
    ['$steps.a.b.c & $steps."c-d"', [['a', 'b', 'c'], ['c-d']]],
    ['$steps.a.lines[0].sku', [['a', 'lines']]],
    ['$steps.a.lines[qty > 1].sku', [['a', 'lines']]],
    ['$steps.a.lines.(sku & qty)', [['a', 'lines']]],
    ['$steps.a.lines^(sku).qty', [['a', 'lines']]],
    ['$steps.a.lines{ sku: qty }', [['a', 'lines']]],
    ['$steps.a.lines[].sku', [['a', 'lines']]],
    ['$steps.a.lines@$l.sku', [['a', 'lines']]],
    ['$steps.a.*.sku', [['a']]],
    ['$steps.a[0].b', [['a']]],
    ['$sum($steps.a.lines.qty)', [['a', 'lines', 'qty']]],
    ['lines.{ "of": $steps.a.id }', [['a', 'id']]],
  ])('knows how far down it reads in %s', (text, paths) => expect(analyse(text).stepPaths).toEqual(paths));

  it('keeps only the named step below which all is read', () => {
    expect(analyse('$steps.a.**')).toMatchObject({ steps: ['a'], readsAllSteps: false });
  });

  it('counts a read of a flow name even where the expression binds it anew', () => {
    expect(analyse('($steps := 1; $steps.a)')).toMatchObject({ steps: ['a'] });
    expect(analyse('function($trigger){ $trigger }').needs.trigger).toBe(true);
  });

  it('names the parameters and says what else of the flow is needed', () => {
    const { params, needs } = analyse('$params.limit > $params."max-lines" and $run.id = $error.code');
    expect(params).toEqual(['limit', 'max-lines']);
    expect(needs).toEqual({ trigger: false, error: true, run: true, tenant: false });
  });

  it.each<[string, string[]]>([
    ['$$.a + $.b', []],
    ['($a := 1; $a + $b)', ['b']],
    ['$a + ($a := 1)', ['a']],
    ['$map(x, function($v, $i) { $v + $i + $z })', ['z']],
    ['items@$i#$n.{ "a": $i, "b": $n }', []],
    ['items[$n]#$n', ['n']],
    ['items#$n[$n > 1]', []],
    ['($f := function($x) { $x ? $f($x - 1) : $g() }; $g := function() { 1 }; $f(2))', []],
    ['$sum ~> $other', ['other']],
    ['$substring(?, 1) ~> $f(?)', ['f']],
    ['$ ~> |a|{ "b": $c }, $d|', ['c', 'd']],
    ['items^(>$k).x{ $p: $q }', ['k', 'p', 'q']],
    ['[$a, -$b, $c ? $d : $e]', ['a', 'b', 'c', 'd', 'e']],
  ])('finds the free names of %s', (text, free) => expect(analyse(text).variables).toEqual(free));

  it('names the functions it calls', () => {
    expect(analyse('$sum(a) + $mine(b) ~> $money()').functions).toEqual(['mine', 'money', 'sum']);
  });

  it('says what is wrong with a text and where', () => {
    expect(analyse('a +').error).toEqual({
      code: 'EXPRESSION_PARSE',
      message: 'The expression ends too early.',
      position: 3,
    });
    expect(analyse('a b').error?.message).toBe('“b” was not expected here.');
  });

  it('refuses text that would take the parser down', () => {
    expect(analyse('['.repeat(20_000)).error?.message).toBe('The expression is nested too deeply.');
    expect(analyse(`${'('.repeat(40)}a${' ?: a)'.repeat(40)}`).error?.message).toMatch(/nested too deeply/);
    expect(analyse('x'.repeat(200_001)).error?.message).toMatch(/longer than/);
  });

  it('allows many defaults side by side', () => {
    const text = `{${Array.from({ length: 300 }, (_, n) => `"f${n}": (a.b ?? "x") & (c ?? 1)`).join(',')}}`;
    expect(analyse(text).error).toBeUndefined();
  });
});
