/** What the work on a run hears while it holds the run. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createHold, type Hearing, LeaseLost } from './hold.ts';

const createdHold = () => createHold({ leaseDatabase: undefined as never, leaseMs: 10_000 });
const heldRun = () => ({ id: randomUUID(), tenant: randomUUID(), token: 1, wake: 0 });

/** Whether the news are there by now. */
const isTold = (news: Promise<void>) => Promise.race([news.then(() => true), setImmediate(false)]);

test('R-X3 what comes while nobody listens is told to who listens next, until it is noted', async () => {
  const hold = createdHold();
  const run = heldRun();
  await hold.keep(run, async (hearing) => {
    const before = hearing.news();
    hold.tell(run.id);
    expect(await isTold(before)).toBe(true);
    expect(await isTold(hearing.news())).toBe(true);
    hearing.noted();
    expect(await isTold(hearing.news())).toBe(false);
  });
});

test('R-X3 who waits for news hears that the run is lost', async () => {
  const hold = createdHold();
  const run = heldRun();
  const listening = Promise.withResolvers<Hearing>();
  const lost = hold.keep(run, async (hearing) => {
    const news = hearing.news();
    listening.resolve(hearing);
    await news;
    hearing.lost.throwIfAborted();
  });
  await listening.promise;
  await hold.keep({ ...run, token: 2 }, async () => undefined);
  await expect(lost).rejects.toBeInstanceOf(LeaseLost);
});
