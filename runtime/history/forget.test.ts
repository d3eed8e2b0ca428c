import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../postgres/database.ts';
import { saveDeployment } from './deployment.fixture.ts';
import { forgetOld } from './forget.ts';
import { day, flowOf, type HistoryFixture, minute, openHistory, settings } from './history.fixture.ts';
import { startHistory } from './start-history.ts';

let history: HistoryFixture;
beforeEach(async () => {
  await history?.stop();
  history = await openHistory();
});
afterAll(() => history?.stop());

const parts = async () =>
  (
    await history.query<{ name: string }>(
      "select relname as name from pg_class where relname ~ '^archived_run_.*\\d{8}$' order by relname",
    )
  ).map(({ name }) => name);
const count = async (table: string) => (await history.query(`select from millrace.${table}`)).length;

describe('what is archived', () => {
  test.each([
    ['short', 7],
    ['normal', 90],
    ['long', 400],
  ] as const)('is kept for the days of its class, %s', async (retention, days) => {
    const run = await history.run(flowOf('test/pass'));
    await saveDeployment(history, retention);
    await history.later(6 * minute);
    await history.archive();
    await history.later((days - 1) * day);
    await history.forget();
    expect(await history.archived()).toEqual([run]);
    // A part goes when all of it is outdated: after a day, a week, a month more at most.
    await history.later(32 * day);
    await history.forget();
    expect(await history.archived()).toEqual([]);
    expect(await count('archived_step')).toBe(0);
  });

  test('without a deployment is kept as normal', async () => {
    await history.run(flowOf('test/pass'));
    await history.later(6 * minute);
    await history.archive();
    expect(await history.query('select retention from millrace.archived_run')).toEqual([{ retention: 'normal' }]);
  });

  test('is dropped in parts; the present and the next are there ahead', async () => {
    await history.forget();
    const ahead = await parts();
    expect(ahead).toHaveLength(6);
    await history.forget();
    expect(await parts()).toEqual(ahead);
    await history.later(500 * day);
    await history.forget();
    const later = await parts();
    expect(later).toHaveLength(6);
    expect(later.filter((name) => ahead.includes(name))).toEqual([]);
  });

  test('goes with the files that were kept for it, and not before', async () => {
    await history.run(flowOf('test/keep'));
    await saveDeployment(history, 'short');
    await history.later(6 * minute);
    await history.archive();
    await history.later(6 * day);
    await history.forget();
    expect([await count('payload'), await count('payload_chunk')]).toEqual([1, 1]);
    await history.later(2 * day);
    await history.forget();
    expect([await count('payload'), await count('payload_chunk'), await count('archived_run')]).toEqual([0, 0, 0]);
  });

  test('of two classes each goes in its own time', async () => {
    await history.run(flowOf('test/pass'));
    await saveDeployment(history, 'short');
    await history.later(6 * minute);
    await history.archive();
    const kept = await history.run(flowOf('test/pass'));
    await saveDeployment(history, 'long');
    await history.later(6 * minute);
    await history.archive();
    await history.later(30 * day);
    await history.forget();
    expect(await history.archived()).toEqual([kept]);
  });
});

describe('a failed run that nobody has dealt with', () => {
  test('is kept for its own time, and no longer', async () => {
    const run = await history.run(flowOf('test/refuse'));
    await history.later(89 * day);
    await history.forget();
    expect(await history.live()).toEqual([run]);
    await history.later(2 * day);
    await history.forget();
    expect([await history.live(), await count('dead_letter'), await count('step')]).toEqual([[], 0, 0]);
  });

  test('R-X3 that is redriven at the last moment keeps its state and its files', async () => {
    const run = await history.run({
      nodes: {
        keep: { type: 'test/keep', version: 1, config: { packed: true } },
        refuse: { type: 'test/refuse', version: 1, config: {} },
      },
      edges: [
        { from: 'start', to: 'keep' },
        { from: 'keep', to: 'refuse' },
      ],
    });
    await history.later(100 * day);
    const { database, engine, foundation, tenant } = history;
    const redrivenWhenFound: Database['byIndex'] = {
      ...database.byIndex,
      async asScanner(work) {
        const found = await database.byIndex.asScanner(work);
        await engine.redrive(tenant.id, [run], 'Ann');
        await engine.settle();
        return found;
      },
    };
    await forgetOld({ ...foundation.payloads, database: { ...database, byIndex: redrivenWhenFound } }, settings);
    expect(await history.live()).toEqual([run]);
    // Of its file and of the large value that names it.
    expect(await count('payload')).toBe(2);
    expect((await history.story(run))?.run.error).toMatchObject({ code: 'REFUSED' });
  });

  test('is kept while what it called still runs', async () => {
    const run = await history.run(flowOf('test/refuse'));
    const called = await history.run(flowOf('test/wait', { key: '1' }));
    await history.query('update millrace.run set parent = $1 where id = $2', [run, called]);
    await history.later(100 * day);
    await history.forget();
    expect(await history.live()).toEqual([run, called].sort());
  });
});

describe('by age alone', () => {
  test('event ids go after their time, though their run is still known', async () => {
    await history.run(flowOf('test/pass'));
    await history.query(
      `insert into millrace.trigger_event (tenant_id, environment, flow_id, node, event_id, run_id)
       select tenant_id, environment, flow_id, 'start', 'E-1', id from millrace.run`,
    );
    await history.later(29 * day);
    await history.forget();
    expect(await count('trigger_event')).toBe(1);
    await history.later(2 * day);
    await history.forget();
    expect(await count('trigger_event')).toBe(0);
  });

  test('R-C1 an event that keeps coming stays the same run, however long ago that was', async () => {
    await history.run(flowOf('test/pass'));
    const [run] = await history.query<{ version: string }>('select version from millrace.run');
    const seen = () =>
      history.engine.accept({
        tenant: history.tenant.id,
        environment: 'production',
        flowId: 'test',
        version: run?.version as string,
        parameters: {},
        connections: {},
        node: 'start',
        payload: {},
        meta: {},
        source: 'a source that shows every item at every poll',
        eventId: 'E-1',
      });
    const first = await seen();
    for (let poll = 0; poll < 3; poll++) {
      await history.later(20 * day);
      expect(await seen()).toEqual({ run: first.run, duplicate: true });
      await history.forget();
    }
    await history.later(31 * day);
    await history.forget();
    expect(await seen()).toMatchObject({ duplicate: false });
  });

  test('signals that nobody took go, those of a run that lives stay', async () => {
    const run = await history.run(flowOf('test/wait', { key: 'first' }));
    await history.signal('nobody', {});
    await history.signal('first', {}, 'a');
    await history.engine.settle();
    await history.query("update millrace.run set finished_at = null, status = 'waiting' where id = $1", [run]);
    await history.later(29 * day);
    await history.forget();
    expect(await count('signal')).toBe(2);
    await history.later(2 * day);
    await history.forget();
    expect(await history.query('select key from millrace.signal')).toEqual([{ key: 'first' }]);
  });

  test('mailboxes forget', async () => {
    await history.run(flowOf('test/wait', { key: '1' }));
    await history.signal('1');
    await history.engine.settle();
    await history.later(6 * minute);
    await history.archive();
    expect([await count('mailbox'), await count('mailbox_signal')]).toEqual([1, 1]);
    await history.later(31 * day);
    await history.forget();
    expect([await count('mailbox'), await count('mailbox_signal')]).toEqual([0, 0]);
  });

  test('alerts that are over go, open ones stay', async () => {
    await history.query(
      `insert into millrace.alert (tenant_id, incident, code, severity, message, closed_at)
       values ($1, null, 'A', 'warning', 'Over.', millrace.now()), ($1, 'b', 'B', 'warning', 'Open.', null)`,
      [history.tenant.id],
    );
    await history.later(91 * day);
    await history.forget();
    expect(await history.query('select code from millrace.alert')).toEqual([{ code: 'B' }]);
  });
});

describe('in the background', () => {
  const started: { stop(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const one of started) await one.stop();
  });

  test('one process does it for all', async () => {
    await history.run(flowOf('test/pass'));
    await history.later(6 * minute);
    const [first, second] = [1, 2].map(() => startHistory(history.foundation, settings));
    started.push(first as never, second as never);
    await first?.now();
    expect(await history.archived()).toHaveLength(1);
    await history.run(flowOf('test/pass'));
    await history.query("update millrace.run set finished_at = millrace.now() - interval '1 hour'");
    await second?.now();
    expect(await history.archived()).toHaveLength(1);
    await history.later(minute);
    await second?.now();
    expect(await history.archived()).toHaveLength(2);
  });
});
