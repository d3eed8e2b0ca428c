import { expect, test } from 'vitest';
import { createShortMemory } from './short-memory.ts';

function setup() {
  let now = 0;
  let asked = 0;
  const { remember, forget } = createShortMemory<number>({ ms: 5000, entries: 2, now: () => now });
  const look = (question: string) => remember(question, async () => ++asked);
  return { look, remember, forget, pass: (ms: number) => (now += ms), asked: () => asked };
}

test('an answer is remembered until its time is over', async () => {
  const { look, pass } = setup();
  expect([await look('a'), await look('a')]).toEqual([1, 1]);
  pass(4999);
  expect(await look('a')).toBe(1);
  pass(1);
  expect(await look('a')).toBe(2);
});

test('requests that come at once share one look-up', async () => {
  const { look, asked } = setup();
  await Promise.all([look('a'), look('a'), look('a')]);
  expect(asked()).toBe(1);
});

test('the oldest answer makes room', async () => {
  const { look } = setup();
  for (const question of ['a', 'b', 'c']) await look(question);
  expect(await look('a')).toBe(4);
  expect(await look('c')).toBe(3);
});

test('a failure is not remembered', async () => {
  const { look, remember } = setup();
  await expect(remember('a', () => Promise.reject(new Error('database away')))).rejects.toThrow('database away');
  expect(await look('a')).toBe(1);
});

test('all is forgotten when somebody says so', async () => {
  const { look, forget } = setup();
  await look('a');
  forget();
  expect(await look('a')).toBe(2);
});
