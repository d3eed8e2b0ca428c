import { expect, test } from 'vitest';
import { writeForCertain } from './certain-write.ts';

const gone = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });
const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });
const refused = () => Object.assign(new Error('no'), { code: '23514' });

/** Writes that answer one after the other; a thrown thing is thrown. */
function answers(...each: unknown[]) {
  const asked: boolean[] = [];
  return {
    asked,
    async write(alone: boolean) {
      asked.push(alone);
      const answer = each[asked.length - 1];
      if (answer instanceof Error) throw answer;
      return answer as string;
    },
  };
}

const never = async () => undefined;

test('T4 a write whose answer was lost is looked up, and not written again where it has landed', async () => {
  const { write, asked } = answers(gone());
  expect(await writeForCertain({ write, landed: async () => 'landed', patienceMs: 5_000 })).toBe('landed');
  expect(asked).toHaveLength(1);
});

test('T4 where it has not landed it is written again', async () => {
  const { write } = answers(gone(), 'written');
  expect(await writeForCertain({ write, landed: never, patienceMs: 5_000 })).toBe('written');
});

test('T4 while the database is away it is asked again, and nothing is written before its answer', async () => {
  const { write, asked } = answers(gone(), 'written');
  let looked = 0;
  const landed = async () => {
    if (++looked < 3) throw gone();
    return undefined;
  };
  expect(await writeForCertain({ write, landed, patienceMs: 5_000 })).toBe('written');
  expect([looked, asked.length]).toEqual([3, 2]);
});

test('one that gave way to another is written again by itself, without being looked up', async () => {
  const { write, asked } = answers(deadlock(), deadlock(), 'written');
  const landed = () => Promise.reject(new Error('nobody needs to look'));
  expect(await writeForCertain({ write, landed, patienceMs: 5_000 })).toBe('written');
  expect(asked).toEqual([false, true, true]);
});

test('what is wrong for good is thrown at once, and what does not pass when patience has ended', async () => {
  await expect(writeForCertain({ ...answers(refused()), landed: never, patienceMs: 5_000 })).rejects.toThrow('no');
  await expect(writeForCertain({ ...answers(deadlock()), landed: never, patienceMs: -1 })).rejects.toThrow('deadlock');
});

test.each([
  ['refused', refused()],
  ['stale', 'stale'],
])('T4 what lands after it was looked for is found when the repeat is %s', async (_name, repeat) => {
  const { write, asked } = answers(gone(), repeat);
  const landed = async () => (asked.length > 1 ? 'landed' : undefined);
  const isRefusal = (answer: string) => answer === 'stale';
  expect(await writeForCertain({ write, landed, isRefusal, patienceMs: 5_000 })).toBe('landed');
});

test('T4 a refusal stands where the write has not landed, and of a first write at once', async () => {
  const isRefusal = (answer: string) => answer === 'stale';
  const patienceMs = 5_000;
  await expect(writeForCertain({ ...answers(gone(), refused()), landed: never, patienceMs })).rejects.toThrow('no');
  expect(await writeForCertain({ ...answers(gone(), 'stale'), landed: never, isRefusal, patienceMs })).toBe('stale');
  const nobodyLooks = () => Promise.reject(new Error('nobody needs to look'));
  expect(await writeForCertain({ ...answers('stale'), landed: nobodyLooks, isRefusal, patienceMs })).toBe('stale');
});
