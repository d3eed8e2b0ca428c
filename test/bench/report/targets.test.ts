import { expect, test } from 'vitest';
import { cellOf } from './cells.fixture.ts';
import { resultsOf } from './results.ts';
import { targetsOf, verdictOf } from './targets.ts';

const targetOf = (title: string, cells: readonly ReturnType<typeof cellOf>[]) => {
  const found = targetsOf(resultsOf([{ cells }], [], [])).find((target) => target.title.startsWith(title));
  if (!found) throw new Error(`There is no target “${title}”.`);
  return found;
};

test.each([
  [500, 'met'],
  [499, 'missed'],
])('with ack at 64 in flight five times DBOS Transact is wanted: %i against 100 is %s', (ours, verdict) => {
  const target = targetOf('with ack, 64 in flight, against DBOS', [
    cellOf('ack', 64, ours),
    cellOf('ack', 64, 100, { system: 'DBOS Transact' }),
  ]);
  expect(verdictOf(target)).toBe(verdict);
});

test('two commits a flow are enough alone, and too many at 64 in flight', () => {
  const cells = [cellOf('ack', 1, 100), cellOf('ack', 64, 100)];
  expect(verdictOf(targetOf('ack: commits a flow, alone', cells))).toBe('met');
  expect(verdictOf(targetOf('ack: commits a flow, 64', cells))).toBe('missed');
});

test('four processes are as fast as one where they are slowest', () => {
  const cells = [1, 16, 64].flatMap((inFlight) => [
    cellOf('processes', 1, 100, { inFlight }),
    cellOf('processes', 4, inFlight === 16 ? 80 : 200, { inFlight }),
  ]);
  expect(targetOf('speed of 4 processes', cells)).toMatchObject({ value: 0.8 });
  expect(verdictOf(targetOf('speed of 4 processes', cells))).toBe('missed');
});

test('the cost of stored runs and of length has an upper bound', () => {
  const runs = (many: number) => [cellOf('runs', 1000, 100), cellOf('runs', 1_000_000, many)];
  expect(verdictOf(targetOf('cost of a flow', runs(90)))).toBe('met');
  expect(verdictOf(targetOf('cost of a flow', runs(80)))).toBe('missed');
  const lines = [100, 1000, 10_000].map((size) => cellOf('lines', size, 1, { p50: size ** 2 }));
  expect(verdictOf(targetOf('cost of a line', lines))).toBe('missed');
});

test('what was not measured is neither met nor missed', () => {
  expect(targetsOf(resultsOf([], [], [])).map(verdictOf)).toEqual(Array(19).fill('not measured'));
});
