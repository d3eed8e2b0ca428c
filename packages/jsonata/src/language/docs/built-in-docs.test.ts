import { describe, expect, it } from 'vitest';
import { Expression } from '../../expression.ts';
import { builtIns } from '../../functions/functions.ts';
import { readParameters } from '../../signature/parameter.ts';
import { analyse } from '../analyse.ts';
import { builtInFunctions } from '../built-ins.ts';
import { shapeOfValue } from '../schema-shape.ts';
import { builtInDocs } from './built-in-docs.ts';

describe('every function of JSONata', () => {
  it('is documented, and nothing else is', () => {
    expect(Object.keys(builtInDocs).sort()).toEqual([...builtIns.keys()].sort());
  });

  it.each(Object.entries(builtInDocs))('$%s has an example that gives what it says', (_name, { example }) => {
    const { expression, input, result } = example;
    expect(new Expression(expression, { evaluates: true }).evaluate(input)).toEqual(result);
    const environment = { input: shapeOfValue(input ?? null), bindings: {} };
    expect(analyse(expression, environment).diagnostics).toEqual([]);
  });

  it.each(Object.entries(builtInDocs))('$%s is documented with as many parameters as it takes', (name, docs) => {
    const named = docs.parameters === '' ? [] : docs.parameters.split(', ');
    const taken = readParameters(builtInFunctions.get(name)?.signature ?? '');
    const repeats = taken.some((parameter) => parameter.repeats);
    expect(named).toHaveLength(repeats ? taken.length + 1 : taken.length);
    for (const [index, parameter] of taken.entries())
      if (!repeats && !parameter.context) expect(named[index]?.endsWith('?')).toBe(parameter.optional);
  });

  it.each(Object.entries(builtInDocs))('$%s is told in one sentence', (_name, { summary }) => {
    expect(summary).toMatch(/^[A-Z].*\.$/s);
    expect(summary.length).toBeLessThan(130);
  });
});
