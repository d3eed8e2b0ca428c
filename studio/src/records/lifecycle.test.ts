import { describe, expect, it } from 'vitest';
import { ranksOf, statesOf, writerOf } from './lifecycle.ts';

const lifecycle = {
  field: 'state',
  initial: 'NEW',
  transitions: { NEW: ['SENT', 'FAILED'], SENT: ['ACKED', 'FAILED'], FAILED: ['NEW'], ACKED: [], LOST: ['NEW'] },
};

describe('R-F9 a life cycle is drawn', () => {
  it('in columns from its initial state on, a way back does not move a state', () => {
    expect(ranksOf(lifecycle)).toEqual([['NEW'], ['SENT', 'FAILED'], ['ACKED'], ['LOST']]);
    expect(statesOf(lifecycle)).toEqual(['NEW', 'SENT', 'FAILED', 'ACKED', 'LOST']);
  });

  it('with the one state of a record that never moves', () => {
    expect(ranksOf({ field: 'state', initial: 'ONLY', transitions: {} })).toEqual([['ONLY']]);
  });
});

it('a version leads to the run whose step wrote it, and nowhere where a person or program did', () => {
  const run = '00000000-0000-7000-8000-000000000001';
  expect(writerOf(`${run}/keep[2]/put`)).toEqual({ run, step: 'keep[2]/put' });
  expect(writerOf('Ann')).toBeUndefined();
});
