import { catalogueOf, MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gate, type Poll, startWorld, type World } from './sources.fixture.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

describe('a source in trouble', () => {
  const failing = (category: 'transient' | 'not-found') => async () => {
    throw new MillraceError('FEED_DOWN', 'The feed does not answer.', { category });
  };

  test('R-F8 is polled again after the pauses of the error’s category, and its error can be seen', async () => {
    world.onPoll = failing('transient');
    await world.deploy({ everyMs: 500 });
    const sources = world.start();
    const pauses: number[] = [];
    for (let failure = 1; failure <= 3; failure++) {
      await sources.look();
      const { nextPollAt, lastPolledAt, failures, lastError } = await world.state();
      expect({ failures, code: lastError?.code }).toEqual({ failures: failure, code: 'FEED_DOWN' });
      pauses.push(Number(nextPollAt) - Number(lastPolledAt));
      await world.turnBy(pauses.at(-1) as number);
    }
    for (const [index, expected] of [1000, 4000, 16_000].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(expected * 0.8);
      expect(pauses[index]).toBeLessThanOrEqual(expected * 1.2);
    }
  });

  test('what will be refused again is asked for every quarter of an hour', async () => {
    world.onPoll = failing('not-found');
    await world.deploy();
    await world.start().look();
    const { nextPollAt, lastPolledAt } = await world.state();
    expect(Number(nextPollAt) - Number(lastPolledAt)).toBe(15 * 60_000);
  });

  test('R-E19 raises one alert after the third failure, and another one for the next trouble', async () => {
    const alerts = () => world.fixture.query(sql`select code, message, flow_id from millrace.alert order by id`);
    await world.deploy();
    const sources = world.start();
    const polls = async (count: number, how: Poll) => {
      world.onPoll = how;
      for (let poll = 0; poll < count; poll++) {
        await world.ask();
        await sources.look();
      }
    };
    await polls(2, failing('transient'));
    expect(await alerts()).toEqual([]);
    await polls(3, failing('transient'));
    const message = '“begin” could not be polled 3 times in a row: The feed does not answer.';
    expect(await alerts()).toEqual([{ code: 'SOURCE_FAILING', message, flow_id: 'orders' }]);
    await polls(1, async () => undefined);
    expect(await world.state()).toMatchObject({ failures: 0, failingSince: null, lastError: null });
    await polls(4, failing('transient'));
    expect(await alerts()).toHaveLength(2);
  });

  test('does not show what an error that is not ours says', async () => {
    world.onPoll = async () => {
      throw new Error('password is open sesame');
    };
    await world.deploy();
    await world.start().look();
    expect((await world.state()).lastError).toMatchObject({ code: 'INTERNAL', category: 'internal' });
    expect(JSON.stringify(await world.state())).not.toContain('sesame');
  });

  test('whose type this instance does not have any more, says so', async () => {
    await world.deploy();
    await world.start('first', { catalogue: catalogueOf([]) }).look();
    expect((await world.state()).lastError?.code).toBe('NODE_TYPE_UNKNOWN');
  });
});

describe('polled on demand', () => {
  test('it does not wait for its time', async () => {
    let polls = 0;
    world.onPoll = async () => void polls++;
    await world.deploy();
    const sources = world.start();
    await sources.look();
    expect(await world.ask()).toBe(true);
    await sources.look();
    expect(polls).toBe(2);
  });

  test('in mid-poll, it is polled once more after that', async () => {
    const [begun, goOn] = [gate(), gate()];
    let polls = 0;
    world.onPoll = async () => {
      if (++polls > 1) return;
      begun.open();
      await goOn.opened;
    };
    await world.deploy();
    const sources = world.start();
    await begun.opened;
    await world.ask();
    await world.ask();
    goOn.open();
    await sources.look();
    await sources.look();
    expect(polls).toBe(2);
  });

  test('there must be such a source', async () => {
    expect(await world.ask()).toBe(false);
  });
});
