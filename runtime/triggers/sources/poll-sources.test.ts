import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gate, startWorld, type World } from './sources.fixture.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

describe('a deployed source', () => {
  test('R-X2 is polled at once, starts runs with what has come, and goes on from where it was', async () => {
    const cursors: unknown[] = [];
    world.onPoll = async (_config, { cursor, accept, saveCursor }) => {
      cursors.push(cursor);
      const page = Number(cursor ?? 0) + 1;
      await accept({ payload: { page }, meta: { from: 'feed' }, source: `page ${page}`, eventId: `p${page}` });
      await saveCursor(page);
    };
    const { version } = await world.deploy();
    const sources = world.start();
    await sources.look();
    await sources.look();
    expect(cursors).toEqual([undefined]);
    await world.turnBy(60_000);
    await sources.look();
    expect(cursors).toEqual([undefined, 1]);
    expect(await world.fixture.runs()).toMatchObject([
      { payload: { page: 1 }, meta: { from: 'feed' }, source: 'page 1', version },
      { payload: { page: 2 }, source: 'page 2' },
    ]);
  });

  test('gets its config evaluated over the deployment’s parameters, and its connection with the secret in it', async () => {
    const seen: unknown[] = [];
    world.onPoll = async ({ path }, { connection, tenant, evaluate }) => {
      seen.push(path, connection.config, tenant, await evaluate('a + 1', { a: 1 }));
    };
    const parameters = { properties: { place: { default: '/invoices' } } };
    await world.deploy({ path: '{% $params.place %}' }, { parameters, connections: { api: { type: 'test/api' } } });
    await world.start().look();
    expect(seen).toEqual(['/invoices', { password: 'open sesame' }, { slug: 'acme', timeZone: 'UTC' }, 2]);
  });

  test('93 that repeats the secret of its connection gets it into no run, no cursor and no error', async () => {
    world.onPoll = async (_config, { connection, accept, saveCursor }) => {
      const { password } = connection.config;
      await accept({ payload: { said: `login by ${password}` }, meta: { password }, source: password });
      await saveCursor({ after: password });
      throw new MillraceError('REFUSED', `“${password}” is wrong.`);
    };
    await world.deploy({}, { connections: { api: { type: 'test/api' } } });
    await world.start().look();
    const hidden = '[hidden]';
    expect(await world.fixture.runs()).toMatchObject([
      { payload: { said: 'login by [hidden]' }, meta: { password: hidden }, source: hidden },
    ]);
    expect(await world.state()).toMatchObject({ lastError: { message: '“[hidden]” is wrong.' } });
    expect(await world.fixture.query(sql`select cursor from millrace.source`)).toEqual([{ cursor: { after: hidden } }]);
  });

  test('starts one run for an event, however often it comes', async () => {
    const answers: boolean[] = [];
    world.onPoll = async (_config, { accept }) => {
      for (const id of ['a', 'b', 'a'])
        answers.push((await accept({ payload: id, source: id, eventId: id })).duplicate);
    };
    await world.deploy();
    await world.start().look();
    expect(answers).toEqual([false, false, true]);
    expect(await world.fixture.runs()).toHaveLength(2);
  });

  test('rests while its flow is paused, and is gone when it is undeployed', async () => {
    let polls = 0;
    world.onPoll = async () => void polls++;
    await world.deploy();
    const sources = world.start();
    await world.fixture.query(sql`update millrace.deployment set paused_at = millrace.now()`);
    await sources.look();
    expect(polls).toBe(0);
    await world.fixture.query(sql`update millrace.deployment set paused_at = null`);
    await sources.look();
    expect(polls).toBe(1);
    await world.fixture.undeploy('orders');
    await world.turnBy(60_000);
    await sources.look();
    expect(polls).toBe(1);
  });

  test('is found by a running process without being told', async () => {
    const polled = gate();
    world.onPoll = async () => polled.open();
    world.start();
    await world.deploy();
    await polled.opened;
  });
});

describe('deployed anew', () => {
  test('it is polled with its new config at once, from the same cursor', async () => {
    const seen: unknown[] = [];
    world.onPoll = async ({ path }, { cursor, saveCursor }) => {
      seen.push([path, cursor]);
      await saveCursor('c1');
    };
    const sources = world.start();
    await world.deploy({ path: '/a' });
    await sources.look();
    await world.deploy({ path: '/b' });
    await sources.look();
    expect(seen).toEqual([
      ['/a', undefined],
      ['/b', 'c1'],
    ]);
  });

  test('as another trigger it does not go on from the cursor of the first', async () => {
    const cursors: unknown[] = [];
    world.onPoll = async (_config, { cursor, saveCursor }) => {
      cursors.push(cursor);
      await saveCursor('of this trigger');
    };
    const sources = world.start();
    await world.deploy();
    await sources.look();
    await world.deploy({}, {}, 'test/other');
    await sources.look();
    expect(cursors).toEqual([undefined, undefined]);
  });

  test('a poll under way accepts nothing more and saves nothing more', async () => {
    const [begun, goOn] = [gate(), gate()];
    const outcomes: unknown[] = [];
    world.onPoll = async ({ path }, { accept, saveCursor }) => {
      if (path === '/new') return;
      begun.open();
      await goOn.opened;
      const attempts = await Promise.allSettled([accept({ payload: 1, source: 'late' }), saveCursor('late')]);
      outcomes.push(...attempts.map((attempt) => attempt.status === 'rejected' && attempt.reason.code));
    };
    await world.deploy({ path: '/old' });
    const sources = world.start();
    await begun.opened;
    await world.deploy({ path: '/new' });
    goOn.open();
    await sources.look();
    expect(outcomes).toEqual(['SOURCE_LOST', 'SOURCE_LOST']);
    expect(await world.fixture.runs()).toEqual([]);
    expect(await world.state()).toMatchObject({ failures: 0, lastError: null });
  });
});

describe('several processes', () => {
  test('poll a source one at a time, and each time once', async () => {
    let [now, most, polls] = [0, 0, 0];
    world.onPoll = async (_config, { accept }) => {
      most = Math.max(most, ++now);
      await accept({ payload: ++polls, source: 'feed' });
      now--;
    };
    await world.deploy();
    const processes = ['first', 'second', 'third'].map((name) => world.start(name));
    const allLook = async () => {
      await Promise.all(processes.map((sources) => sources.look()));
      return polls;
    };
    for (let round = 1; round <= 4; round++) {
      // Whoever looks while another has the row in its hands passes it over, and finds it the next time.
      await expect.poll(allLook).toBe(round);
      await allLook();
      await world.turnBy(60_000);
    }
    expect({ most, polls }).toEqual({ most: 1, polls: 4 });
  });

  test('leave a source to the one that has begun with it, which may remember what it saw', async () => {
    const polledBy: string[] = [];
    world.onPoll = async (_config, { fetch }) => void polledBy.push(await (await fetch('of this process')).text());
    await world.deploy();
    const first = world.start('first');
    await first.look();
    const second = world.start('second');
    for (let round = 0; round < 3; round++) {
      await world.turnBy(60_000);
      await second.look();
      await first.look();
    }
    expect(polledBy).toEqual(['first', 'first', 'first', 'first']);
  });

  test('when one dies in mid-poll another takes over after the lease, and the first is fenced off', async () => {
    const [begun, goOn] = [gate(), gate()];
    const polledBy: string[] = [];
    let late: unknown;
    world.onPoll = async (_config, { accept }) => {
      if (polledBy.push('x') > 1) return;
      begun.open();
      await goOn.opened;
      late = await accept({ payload: 1, source: 'late' }).catch((error: MillraceError) => error.code);
    };
    await world.deploy();
    world.start('first', { leaseMs: 10_000_000 });
    await begun.opened;
    const second = world.start('second');
    await second.look();
    expect(polledBy).toHaveLength(1);
    await world.turnBy(10_000_001);
    await second.look();
    expect(polledBy).toHaveLength(2);
    goOn.open();
    await vi.waitFor(() => expect(late).toBe('SOURCE_LOST'));
    expect(await world.fixture.runs()).toEqual([]);
  });

  test('one that stops aborts its polls and leaves the source to the next at once', async () => {
    const begun = gate();
    let polls = 0;
    world.onPoll = (_config, { signal }) => {
      if (++polls > 1) return Promise.resolve();
      begun.open();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    };
    await world.deploy();
    const first = world.start('first');
    await begun.opened;
    await first.stop();
    expect(await world.state()).toMatchObject({ polling: false, failures: 0, lastError: null });
    await world.start('second').look();
    expect(polls).toBe(2);
  });

  test('a poll that takes longer than the lease keeps it', async () => {
    const [begun, goOn] = [gate(), gate()];
    let polls = 0;
    world.onPoll = async (_config, { accept }) => {
      polls++;
      begun.open();
      await goOn.opened;
      await accept({ payload: 1, source: 'slow' });
    };
    await world.deploy();
    const sources = world.start('first', { leaseMs: 400 });
    await begun.opened;
    const leases = () => world.fixture.query(sql<{ lease_until: Date }>`select lease_until from millrace.source`);
    const [before] = await leases();
    const limit = (before as { lease_until: Date }).lease_until.getTime() + 400;
    await vi.waitFor(async () => expect((await leases())[0]?.lease_until.getTime()).toBeGreaterThan(limit), 5_000);
    goOn.open();
    await sources.look();
    expect({ polls, runs: (await world.fixture.runs()).length }).toEqual({ polls: 1, runs: 1 });
  });
});
