import type { CatalogueDescription, Json, JsonObject, NodeDescription } from '@millrace/contract';
import { Expression } from '@millrace/contract';
import { compileFlow, decide, type FlowDocument, startRun, withoutUnread } from '@millrace/flow';
import { analyse, evaluate } from '@millrace/mapping';
import fc from 'fast-check';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { chain, described, node } from './flows.fixture.ts';

const config = Type.Object({ text: Type.Optional(Expression(Type.Unknown())) });
const types: CatalogueDescription = {
  nodes: [
    { ...described, kind: 'trigger', id: 'test/hook', title: 'Hook', config },
    { ...described, kind: 'node', id: 'test/work', title: 'Work', config, effect: 'read' },
  ] satisfies NodeDescription[],
  connections: [],
};
const at = '2026-11-29T12:00:00.000Z';

/** What a stored state has of the output of `a` where a later step has this expression. */
function stored(text: string, output: Json): Json | undefined {
  const flow: FlowDocument = {
    format: 1,
    id: 'f',
    name: 'f',
    nodes: {
      start: node('test/hook'),
      a: node('test/work'),
      b: node('test/work'),
      c: node('test/work', { text: `{% ${text} %}` }),
    },
    edges: chain('start', 'a', 'b', 'c'),
  };
  const plan = compileFlow(flow, types, 'hash', analyse);
  let { state } = startRun(plan, { node: 'start', payload: null, meta: {}, at });
  state = decide(plan, state, { type: 'emit', step: 'a', port: 'out', data: output, at }).state;
  state = decide(plan, state, { type: 'emit', step: 'b', port: 'out', data: null, at }).state;
  return withoutUnread(plan, state).context.outputs.a;
}

const names = fc.constantFrom('id', 'lines', 'sku', 'qty', 'head');
const values = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y', null, true)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const path = fc.array(names, { minLength: 0, maxLength: 3 }).map((list) => ['$steps.a', ...list].join('.'));
const tail = fc.constantFrom(
  '',
  '[0]',
  '[-1].sku',
  '[qty > 1]',
  '[]',
  '.*',
  '.**',
  '.(sku)',
  '.(sku ? sku : qty)',
  '^(qty)',
  '^(>sku).qty',
  '#$i.{ "i": $i, "sku": sku }',
  '@$l.($l.sku)',
  '.$string()',
  '.sku[0]',
  '{ $string(sku): qty }',
  '.sku.$uppercase($string($))',
);
const around = fc.constantFrom(
  (one: string) => one,
  (one: string) => `$count(${one})`,
  (one: string) => `$exists(${one})`,
  (one: string, two: string) => `[${one}, ${two}]`,
  (one: string, two: string) => `${one} = ${two}`,
  (one: string, two: string) => `{ "a": ${one}, "b": ${two} }`,
  (one: string) => `$map(${one}, function($v) { $v.sku })`,
  (one: string) => `(${one} ~> $count) & $string(${one})`,
  (one: string, two: string) => `($f := function($x) { $x in ${two} }; $f(${one}))`,
);
const read = fc.tuple(path, tail).map(([start, end]) => `${start}${end}`);
const expression = fc.tuple(around, read, read).map(([write, one, two]) => write(one, two));

test('R-X2 an expression finds in the reduced outputs of a stored state what it would find in the whole ones', () => {
  let reduced = 0;
  fc.assert(
    fc.property(expression, values, (text, output) => {
      if (analyse(text).error) return;
      const kept = stored(text, output);
      if (JSON.stringify(kept) !== JSON.stringify(output)) reduced++;
      expect(outcome(text, { a: kept ?? null })).toEqual(outcome(text, { a: output }));
    }),
    { numRuns: 2_000 },
  );
  expect(reduced).toBeGreaterThan(100);
});

function outcome(text: string, steps: JsonObject): unknown {
  try {
    return { value: evaluate({ text, bindings: { steps }, now: at, seed: 's' }) };
  } catch (thrown) {
    return { code: (thrown as { code?: string }).code };
  }
}
