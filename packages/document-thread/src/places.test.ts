import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Places } from './places.ts';

/** Who got a place, in this order; each leaves it when the next one may come. */
async function served(count: number, owners: readonly string[]): Promise<string[]> {
  const places = new Places(count);
  const order: string[] = [];
  for (const owner of owners) void places.take(owner).then(() => order.push(owner));
  for (let left = 0; left < owners.length; left++) {
    await setImmediate();
    places.leave();
  }
  return order;
}

test('one document of a tenant is not behind a hundred of another', async () => {
  expect((await served(1, [...Array(100).fill('large'), 'small'])).slice(0, 3)).toEqual(['large', 'large', 'small']);
});

test('as many have a place as there are; who leaves makes room', async () => {
  const places = new Places(2);
  const order: number[] = [];
  for (const one of [1, 2, 3, 4]) void places.take('acme').then(() => order.push(one));
  await setImmediate();
  expect(order).toEqual([1, 2]);
  places.leave();
  await setImmediate();
  expect(order).toEqual([1, 2, 3]);
});

test('a place that nobody waits for is there for the next', async () => {
  const places = new Places(1);
  await places.take('acme');
  places.leave();
  await places.take('other');
});

test('all get their place; between two of one who waits nobody else gets more than one', async () => {
  const owners = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(owners, async (all) => {
      const order = await served(1, all);
      expect(order.toSorted()).toEqual(all.toSorted());
      for (const owner of new Set(all)) {
        // Whoever comes first finds the place free, and has not waited.
        const turns = order.flatMap((one, turn) => (turn > 0 && one === owner ? [turn] : []));
        for (const [index, turn] of turns.entries()) {
          const others = order.slice((turns[index - 1] ?? 0) + 1, turn);
          expect(new Set(others).size, order.join('')).toBe(others.length);
        }
      }
    }),
  );
});
