import { expect, test } from 'vitest';
import { cellOf } from './cells.fixture.ts';
import { medianRatios, ratiosOf } from './ratios.ts';

test('flows are compared with the peers at the same number in flight', () => {
  const cells = [
    cellOf('ack', 64, 600),
    cellOf('ack', 64, 100, { system: 'DBOS Transact' }),
    cellOf('send', 64, 800, { system: 'Node-RED' }),
    cellOf('send', 16, 900, { system: 'Node-RED' }),
  ];
  expect(ratiosOf({ cells })).toEqual([
    { name: 'ack, 64 in flight ÷ DBOS Transact, ack', value: 6, better: 'higher' },
    { name: 'ack, 64 in flight ÷ Node-RED, send', value: 0.75, better: 'higher' },
  ]);
});

test('flows are compared with what the machine can do', () => {
  const limits = { inserts: 16_000, jobs: 2000, mappings: 1500 };
  const values = ratiosOf({ limits, cells: [cellOf('send', 64, 800)] }).map(({ value }) => value);
  expect(values).toEqual([0.05, 0.4, expect.closeTo(0.533)]);
});

test('more processes are compared with one, more stored runs with the fewest', () => {
  const cells = [
    cellOf('processes', 1, 100, { inFlight: 64 }),
    cellOf('processes', 4, 150, { inFlight: 64 }),
    cellOf('runs', 1_000_000, 80, { inFlight: 64 }),
    cellOf('runs', 1000, 100, { inFlight: 64 }),
  ];
  expect(ratiosOf({ cells })).toEqual([
    { name: '4 processes ÷ 1, 64 in flight', value: 1.5, better: 'higher' },
    { name: 'a flow with 1,000,000 stored runs ÷ with 1,000', value: 1.25, better: 'lower' },
  ]);
});

test('growth is seen in the time of one flow alone', () => {
  const cells = [5, 50, 500].map((size) => cellOf('nodes', size, 1, { inFlight: 1, p50: 3 + size }));
  expect(ratiosOf({ cells })).toEqual([
    { name: 'one of the nodes more, from 50 to 500 ÷ from 5 to 50', value: 1, better: 'lower' },
  ]);
});

test('of several rounds the median of the ratios counts, not the ratio of medians', () => {
  const round = (ours: number, theirs: number) =>
    ratiosOf({ cells: [cellOf('send', 1, ours), cellOf('send', 1, theirs, { system: 'Node-RED' })] });
  expect(medianRatios([round(10, 10), round(40, 20), round(20, 5)])).toMatchObject([{ value: 2 }]);
});
