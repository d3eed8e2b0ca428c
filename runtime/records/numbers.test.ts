import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RecordsFixture, startRecords, stepTime } from './records.fixture.ts';

let fixture: RecordsFixture;
beforeAll(async () => {
  fixture = await startRecords();
});
afterAll(() => fixture?.stop());

const noon = new Date('2026-11-21T12:00:00Z');
const drawn = (name: string, key: string, { period = '', first = 1, of = fixture.tenant, at = noon } = {}) =>
  fixture.burst(of).sets('number', stepTime).nextNumber({ name, period, first }, { key, at });
const draw = async (...args: Parameters<typeof drawn>) => (await drawn(...args)).number;

test('R-O4 forty draws at once give forty numbers without a gap', async () => {
  const numbers = await Promise.all(Array.from({ length: 40 }, (_, n) => draw('orders', `key ${n}`)));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
});

test('a draw that is repeated, even at the same moment, gives its number again', async () => {
  await draw('repeated', 'earlier');
  const [first, ...again] = await Promise.all([1, 2, 3, 4].map(() => draw('repeated', 'same')));
  expect(again).toEqual([first, first, first]);
  expect(await draw('repeated', 'another')).toBe((first ?? 0) + 1);
});

test('a draw that comes to nothing leaves no gap', async () => {
  const lost = fixture.database.asTenants([fixture.tenant], async (tx) => {
    const { drawNumber } = await import('../postgres/records/draw-number.ts');
    const series = { name: 'lost', period: '', first: 1 };
    const place = { tenant: fixture.tenant, environment: 'production' };
    await drawNumber(tx, { ...place, series, key: 'lost', at: noon, who: 'nobody' });
    throw new Error('the process dies before the commit');
  });
  await expect(lost).rejects.toThrow('dies');
  expect(await draw('lost', 'next')).toBe(1);
});

test('a period begins anew, and a series where it is told to', async () => {
  expect(await draw('years', 'a', { period: '2026', first: 100 })).toBe(100);
  expect(await draw('years', 'b', { period: '2026', first: 100 })).toBe(101);
  expect(await draw('years', 'c', { period: '2027', first: 100 })).toBe(100);
});

test('a key keeps its number and the time of its draw when the period is over', async () => {
  const first = await drawn('turn', 'a', { period: '2026' });
  expect(await drawn('turn', 'a', { period: '2027', at: new Date('2027-01-01T12:00:00Z') })).toEqual(first);
  expect(first).toEqual({ number: 1, at: noon });
  expect(await draw('turn', 'b', { period: '2027' })).toBe(1);
});

test('a tenant draws from its own series', async () => {
  await draw('shared', 'a');
  expect(await draw('shared', 'a', { of: fixture.other })).toBe(1);
});

test('every number is kept with the step that has it', async () => {
  const number = await draw('kept', 'a');
  expect(await fixture.rows("select number, who from millrace.number_drawn where name = 'kept'")).toEqual([
    { number, who: '00000000-0000-7000-8000-000000000001/number' },
  ]);
});
