import { describe, expect, test } from 'vitest';
import { withoutUnread } from './fields-read.ts';
import { Run } from './run.fixture.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';

/** Reads `$steps.a.b.c`, and `$steps` alone. */
const reads: ExpressionCheck = (text) => {
  const stepPaths = [...text.matchAll(/\$steps\.([\w.]+)/g)].map(([, path]) => (path as string).split('.'));
  const steps = stepPaths.map(([id]) => id as string);
  return { steps, stepPaths, readsAllSteps: /\$steps(?!\.)/.test(text), params: [], variables: [] };
};
const reading = (text: string, parent?: string) => ({ config: { text: `{% ${text} %}` }, ...(parent && { parent }) });
const order = {
  id: 7,
  customer: { name: 'Ann', vat: null },
  lines: [{ sku: 'a', qty: 1 }, { sku: 'b', qty: 2 }, 'odd'],
};
const stored = (run: Run, pass?: string) => {
  const state = pass === undefined ? run.state : run.state.passes?.[pass];
  return state && withoutUnread(run.plan, state, pass).context.outputs;
};

describe('of an output that is only named any more, a stored state has', () => {
  test.each<[string, string, unknown]>([
    ['the field that is read', '$steps.a.id', { id: 7 }],
    [
      'all that are read by any expression',
      '$steps.a.id & $steps.a.customer.name',
      { id: 7, customer: { name: 'Ann' } },
    ],
    ['a field as a whole', '$steps.a.customer', { customer: { name: 'Ann', vat: null } }],
    ['the field of each item of a list', '$steps.a.lines.sku', { lines: [{ sku: 'a' }, { sku: 'b' }, 'odd'] }],
    ['nothing where the field is missing', '$steps.a.other.field', {}],
    ['the whole where that is read', '$steps.a.id & $steps.a', order],
    ['the whole where any step may be read', '$keys($steps)', order],
    ['no inherited field', '$steps.a.constructor', {}],
  ])('%s', (_what, text, expected) => {
    const run = new Run('start > a, a > b, b > c, c > d', { reads, nodes: { d: reading(text) } });
    run.emit('a', 'out', order);
    run.emit('b');
    expect(stored(run)).toEqual({ a: expected, b: 'b done' });
  });

  test('the whole as long as it is an input, waits at a join or is where a branch ended', () => {
    const run = new Run('start > a, a > b x, b > j, x > j, j > z', { reads, nodes: { z: reading('$steps.a.id') } });
    run.emit('a', 'out', order);
    expect(stored(run)).toEqual({ a: order });
    run.emit('b', 'out', order);
    run.emit('x');
    expect(stored(run)).toEqual({ a: { id: 7 }, b: order, x: 'x done' });
  });

  test('what the body of a loop reads, and in a pass what the pass reads', () => {
    const nodes = { b: { parent: 'loop' }, c: { parent: 'loop' }, d: reading('$steps.a.id & $steps.b.id', 'loop') };
    const run = new Run('start > a, a > x, x > loop, b > c, c > d', { reads, nodes });
    run.emit('a', 'out', order);
    run.emit('x');
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    run.emit('loop[0]/b', 'out', order);
    run.emit('loop[0]/c');
    expect(stored(run)).toEqual({ a: { id: 7 }, x: 'x done' });
    expect(stored(run, 'loop[0]')).toEqual({ b: { id: 7 }, c: 'loop[0]/c done' });
  });
});
