import { analyse, shapeOfValue } from '@millrace/jsonata/language';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { hostDocs } from './docs.ts';
import { hostKnowledge } from './knowledge.ts';
import { hostFunctions } from './register.ts';

const tables = { units: { PCE: [{ value: 'ST' }] } };

describe('every function of ours', () => {
  it('is documented', () => {
    expect(Object.keys(hostDocs).sort()).toEqual(Object.keys(hostFunctions).sort());
  });

  it.each(Object.entries(hostDocs))('$%s has an example that gives what it says', (_name, { example }) => {
    const { expression: text, input, result } = example;
    const task = { text, input: input as never, bindings: {}, tables, now: '2026-11-21T10:00:00Z', seed: '' };
    expect(evaluate(task)).toEqual(result);
    const environment = { input: shapeOfValue(input ?? null), bindings: {}, functions: hostKnowledge };
    expect(analyse(text, environment).diagnostics).toEqual([]);
  });
});
