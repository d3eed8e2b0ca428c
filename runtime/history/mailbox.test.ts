import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { loadEarlierWaits } from '../postgres/runs/load-inboxes.ts';
import { day, flowOf, type HistoryFixture, minute, openHistory } from './history.fixture.ts';

let history: HistoryFixture;
beforeEach(async () => {
  await history?.stop();
  history = await openHistory();
  await history.run(flowOf('test/wait', { key: '4711' }));
  await history.signal('4711', { status: 'OK' }, 'ack_4711.json');
  await history.engine.settle();
  await history.later(6 * minute);
  expect(await history.archive()).toBe(1);
});
afterAll(() => history?.stop());

describe('a signal for a run that went into the archive', () => {
  test('R-D4 is a duplicate where it came before, and late where it did not', async () => {
    expect(await history.signal('4711', { status: 'OK' }, 'ack_4711.json')).toMatchObject({ state: 'duplicate' });
    expect(await history.signal('4711', { status: 'FAILED' }, 'error_4711.json')).toMatchObject({ state: 'late' });
  });

  test('matches a new wait on the same key, though it came before: only the node can say', async () => {
    const run = await history.run(flowOf('test/wait', { key: '4711' }));
    expect(await history.signal('4711', { status: 'OK' }, 'ack_4711.json')).toMatchObject({ state: 'matched' });
    await history.engine.settle();
    expect((await history.story(run))?.run.status).toBe('succeeded');
  });

  test('comes early again when all that is forgotten', async () => {
    await history.later(31 * day);
    await history.forget();
    expect(await history.signal('4711', { status: 'OK' }, 'ack_4711.json')).toMatchObject({ state: 'kept' });
  });
});

test('R-D5 a wait knows of those before it on its key, in the archive too', async () => {
  await history.run(flowOf('test/wait', { key: '4711' }));
  await history.signal('4711', {}, 'second');
  await history.engine.settle();
  const on = { tenant: history.tenant.id, environment: 'production', channel: 'ack', key: '4711' };
  expect(await history.database.asTenants([history.tenant.id], (tx) => loadEarlierWaits(tx, on))).toEqual([
    { detail: { key: '4711' } },
    { detail: { key: '4711' } },
  ]);
});
