import { expect, test } from 'vitest';
import { type BulkProgress, inBatches, runBulk } from './bulk.ts';
import { countOf, deadLetterFilterOf } from './filter.ts';

function start(
  ids: readonly string[],
  act: (ids: readonly string[]) => Promise<unknown>,
  stop = new AbortController(),
) {
  const told: BulkProgress[] = [];
  let ms = 0;
  const ended = runBulk({
    total: ids.length,
    batches: inBatches(ids, 2),
    act,
    stop: stop.signal,
    report: (progress) => told.push(progress),
    clock: () => (ms += 500),
  });
  return { told, ended, stop };
}

test('R-X4 many runs are done batch by batch, each once, with rate and time left', async () => {
  const done: string[] = [];
  const { told, ended } = start(['a', 'b', 'c'], async (ids) => void done.push(...ids));
  expect(await ended).toMatchObject({ state: 'finished', done: 3, total: 3 });
  expect(done).toEqual(['a', 'b', 'c']);
  expect(told[1]).toMatchObject({ state: 'running', done: 2, rate: 2, leftMs: 500 });
});

test('R-X4 it can be stopped, and what was not begun is left alone', async () => {
  const done: string[] = [];
  const stop = new AbortController();
  const { ended } = start(
    ['a', 'b', 'c'],
    async (ids) => {
      done.push(...ids);
      stop.abort();
    },
    stop,
  );
  expect(await ended).toMatchObject({ state: 'stopped', done: 2 });
  expect(done).toEqual(['a', 'b']);
});

test('R-X4 where the server refuses, it ends there and says why', async () => {
  const { ended } = start(['a'], () => Promise.reject(new Error('Not now.')));
  expect(await ended).toMatchObject({ state: 'failed', done: 0, error: new Error('Not now.') });
});

test('R-X4 how many are meant is known from their groups', () => {
  const groups = [
    { flowId: 'a', code: 'X', category: 'transient', count: 40 },
    { flowId: 'a', code: 'Y', category: 'validation', count: 2 },
    { flowId: 'b', code: 'X', category: 'transient', count: 8 },
  ];
  expect([{}, { flow: 'a' }, { code: 'X' }, { flow: 'b', code: 'Y' }].map((filter) => countOf(groups, filter))).toEqual(
    [50, 42, 48, 0],
  );
  expect(deadLetterFilterOf({ flow: 'a', code: '', state: 'open', category: 3 })).toEqual({ flow: 'a' });
});
