import { expect, test } from 'vitest';
import { emptyTally, figuresOf, note } from './figures.ts';

test('times are counted from the first byte and from the answer', () => {
  const tally = emptyTally();
  for (let order = 1; order <= 100; order++) note(tally, { sent: 0, accepted: 1, ended: order });
  const figures = figuresOf(tally, 10);
  expect(figures).toMatchObject({ flows: 100, perSecond: 10, failed: 0 });
  expect(figures.fromSent).toEqual({ p50: 51, p95: 96, p99: 100, max: 100 });
  expect(figures.fromAccepted).toEqual({ p50: 50, p95: 95, p99: 99, max: 99 });
});

test('where the answer is the end there is nothing after it', () => {
  const tally = emptyTally();
  note(tally, { sent: 0, ended: 5 });
  expect(figuresOf(tally, 1)).not.toHaveProperty('fromAccepted');
});
