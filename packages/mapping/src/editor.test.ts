import { describe, expect, it } from 'vitest';
import { completionsAt, diagnosticsOf, hoverAt } from './editor.ts';
import { environmentOf } from './sources.ts';

const order = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, qty: { type: 'number' } } };
const environment = environmentOf({
  input: [order],
  output: (node) => (node === 'check' ? [order] : undefined),
  steps: ['order', 'check'],
  params: { type: 'object', properties: { limit: { type: 'integer' } } },
  names: ['trigger', 'steps'],
});
const proposed = (text: string) =>
  completionsAt(text, text.length, environment)
    .items.filter(({ kind }) => kind !== 'function')
    .map(({ label }) => label);

describe('in an expression of a flow', () => {
  it('fields, steps and parameters are proposed, and what is bound there', () => {
    expect(proposed('')).toEqual(['id', 'qty', '$steps', '$trigger', '$tenant', '$run', '$params']);
    expect(proposed('$steps.')).toEqual(['order', 'check']);
    expect(proposed('$steps.check.')).toEqual(['id', 'qty']);
    expect(proposed('$params.')).toEqual(['limit']);
    expect(proposed('$trigger.')).toEqual(['body']);
    expect(proposed('$run.')).toEqual(['id', 'startedAt', 'connections']);
    expect(proposed('$list(id, function($item) { $')).toContain('$item');
  });

  it('our functions are proposed and explained beside those of JSONata', () => {
    const { items } = completionsAt('$mon', 4, environment);
    expect(items.find(({ label }) => label === '$moneyAdd')?.detail).toBe('(first, second)');
    expect(items.find(({ label }) => label === '$lookup')?.detail).toBe('(table, key, default?)');
    expect(hoverAt('$moneySum(qty)', 3, environment)?.summary).toBe('The exact sum of a list of amounts.');
    expect(hoverAt('$sum(qty)', 3, environment)?.title).toBe('$sum(numbers)');
  });

  it('what is wrong is told with its place, also what is no name there', () => {
    expect(diagnosticsOf('id + $moneyAdd(qty, 1)', environment)).toMatchObject([{ code: 'T2001', from: 0, to: 2 }]);
    expect(diagnosticsOf('$item.qty', environment)).toMatchObject([{ code: 'VARIABLE_UNKNOWN', from: 0, to: 5 }]);
    expect(diagnosticsOf('$steps.check.nr', environment)).toMatchObject([{ code: 'FIELD_UNKNOWN', from: 13, to: 15 }]);
  });
});
