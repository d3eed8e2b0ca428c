import { MillraceError } from '@millrace/contract';
import { expect, test } from 'vitest';
import { createGroup } from './group.ts';
import { createKeysInUse } from './keys-in-use.ts';

/** A writer that waits to be let through, and remembers what was written together. */
function gate() {
  const written: (readonly string[])[] = [];
  const doors: PromiseWithResolvers<void>[] = [];
  return {
    written,
    async write(members: readonly string[]): Promise<string[]> {
      written.push(members);
      const door = Promise.withResolvers<void>();
      doors.push(door);
      await door.promise;
      return members.map((member) => member.toUpperCase());
    },
    open: () => doors.shift()?.resolve(),
    fail: (error: unknown) => doors.shift()?.reject(error),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a lone member is written at once; those that come meanwhile are written together', async () => {
  const { write, written, open } = gate();
  const group = createGroup(write, { most: 10 });
  const results = ['a', 'b', 'c'].map((member) => group.add(member));
  await turn();
  expect(written).toEqual([['a']]);
  open();
  await turn();
  expect(written).toEqual([['a'], ['b', 'c']]);
  open();
  expect(await Promise.all(results)).toEqual(['A', 'B', 'C']);
});

test('no more than so many are written together', async () => {
  const { write, written, open } = gate();
  const group = createGroup(write, { most: 2 });
  const results = ['a', 'b', 'c', 'd'].map((member) => group.add(member));
  for (let pass = 0; pass < 3; pass++) {
    await turn();
    open();
  }
  await Promise.all(results);
  expect(written).toEqual([['a'], ['b', 'c'], ['d']]);
});

test('what is written together has no more than so many keys; one member that has more is written by itself', async () => {
  const { write, written, open } = gate();
  const group = createGroup(write, { most: 10, mostKeys: 3, keysOf: (member) => member.split('') });
  const results = ['a', 'bc', 'defgh', 'ij', 'k'].map((member) => group.add(member));
  for (let pass = 0; pass < 4; pass++) {
    await turn();
    open();
  }
  await Promise.all(results);
  expect(written).toEqual([['a'], ['bc', 'k'], ['defgh'], ['ij']]);
});

test('no more is written together than the size that is set; what is larger is written by itself', async () => {
  const { write, written, open } = gate();
  const group = createGroup(write, { most: 10, size: { most: 4, of: ({ length }) => length } });
  const results = ['a', 'bb', 'cc', 'd', 'eeeeee', 'ff'].map((member) => group.add(member));
  for (let pass = 0; pass < 4; pass++) {
    await turn();
    open();
  }
  await Promise.all(results);
  expect(written).toEqual([['a'], ['bb', 'cc'], ['d', 'ff'], ['eeeeee']]);
});

test('members that have a key in common are not written together, and none overtakes another', async () => {
  const { write, written, open } = gate();
  const group = createGroup(write, { most: 10, keysOf: (member) => [member[0] as string] });
  const results = ['z', 'a1', 'b1', 'a2', 'a3', 'c'].map((member) => group.add(member));
  for (let pass = 0; pass < 4; pass++) {
    await turn();
    open();
  }
  await Promise.all(results);
  expect(written).toEqual([['z'], ['a1', 'b1', 'c'], ['a2'], ['a3']]);
});

test('what another group is writing waits for that, and keeps nobody else waiting', async () => {
  const rules = { most: 10, keysOf: (member: string) => [member[0] as string], inUse: createKeysInUse() };
  const [bursts, signals] = [gate(), gate()];
  const committing = createGroup(bursts.write, rules);
  const storing = createGroup(signals.write, rules);
  const results = [committing.add('a burst'), storing.add('a signal'), storing.add('b signal')];
  await turn();
  expect(signals.written).toEqual([['b signal']]);
  signals.open();
  await turn();
  expect(signals.written).toHaveLength(1);
  bursts.open();
  await turn();
  expect(signals.written).toEqual([['b signal'], ['a signal']]);
  signals.open();
  expect(await Promise.all(results)).toEqual(['A BURST', 'A SIGNAL', 'B SIGNAL']);
});

test('what one member brings does not hurt the others: each is written alone', async () => {
  const { write, written, open, fail } = gate();
  const group = createGroup(write, { most: 10 });
  const results = ['first', 'good', 'bad', 'fine'].map((member) => group.add(member));
  const settled = Promise.allSettled(results);
  await turn();
  open();
  await turn();
  fail(new MillraceError('WAIT_TAKEN', 'No.'));
  await turn();
  open();
  await turn();
  fail(new MillraceError('WAIT_TAKEN', 'No.'));
  await turn();
  open();
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(written).toEqual([['first'], ['good', 'bad', 'fine'], ['good'], ['bad'], ['fine']]);
});

test('a lost connection is everybody’s: nothing is tried again unasked', async () => {
  const { write, written, open, fail } = gate();
  const group = createGroup(write, { most: 10 });
  const results = ['first', 'a', 'b'].map((member) => group.add(member));
  const settled = Promise.allSettled(results);
  await turn();
  open();
  await turn();
  fail(Object.assign(new Error('gone'), { code: '57P01' }));
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(written).toHaveLength(2);
});

test('a member that a write has left out fails by itself', async () => {
  const busy = new Error('Somebody is at it.');
  const group = createGroup(async (members: readonly string[]) => members.map((one) => (one === 'busy' ? busy : one)), {
    most: 10,
  });
  const results = ['first', 'busy', 'fine'].map((member) => group.add(member));
  expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  await expect(group.alone('busy')).rejects.toBe(busy);
});
