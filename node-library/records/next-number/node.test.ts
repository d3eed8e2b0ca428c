import { memoryRecordStore } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import nextNumber from './node.ts';

const config = { series: 'orders', format: '{YYYY}-{NNN}', restart: 'yearly' as const };

test('a repeated step has its number, another step the next', async () => {
  const { recordSets } = memoryRecordStore();
  const draw = (key: string) => runNode(nextNumber, null, config, { recordSets, idempotencyKey: () => key });
  expect(await draw('a')).toMatchObject({ data: { number: 1, text: '2026-001' } });
  expect(await draw('a')).toMatchObject({ data: { number: 1 } });
  expect(await draw('b')).toMatchObject({ data: { number: 2 } });
});

test('the year is that of the tenant’s day', async () => {
  const now = new Date('2026-12-31T23:30:00Z');
  expect(await runNode(nextNumber, null, config, { now })).toMatchObject({ data: { text: '2027-001' } });
});

test('a format that could give a number twice is refused', async () => {
  const ambiguous = { ...config, format: '{NNN}' };
  expect(await runNode(nextNumber, null, ambiguous)).toMatchObject({
    error: { code: 'NUMBER_FORMAT_INVALID', pointer: '/format' },
  });
});

test('R-O4 the same thing has the same number for every step that asks, in the next year too', async () => {
  const { recordSets } = memoryRecordStore();
  const draw = (thing: string, step: string, day: string) => {
    const ctx = { recordSets, idempotencyKey: () => step, now: new Date(`${day}T12:00:00Z`) };
    return runNode(nextNumber, null, { ...config, for: thing }, ctx);
  };
  expect(await draw('R-77', 'a', '2026-12-31')).toMatchObject({ data: { text: '2026-001' } });
  expect(await draw('R-77', 'b', '2027-01-01')).toMatchObject({ data: { text: '2026-001' } });
  expect(await draw('R-78', 'b', '2027-01-01')).toMatchObject({ data: { text: '2027-001' } });
});
