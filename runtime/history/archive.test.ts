import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { archivedColumns } from '../postgres/history/archive-runs.ts';
import { findArchivable, type OverRun } from '../postgres/history/find-over.ts';
import { listDeadLetters } from '../postgres/queries/list-dead-letters.ts';
import { listRuns } from '../postgres/queries/list-runs.ts';
import { listSignals } from '../postgres/queries/list-signals.ts';
import { discardDeadLetters } from '../postgres/runs/discard-dead-letters.ts';
import { archiveOver } from './archive.ts';
import { flowOf, type HistoryFixture, minute, openHistory } from './history.fixture.ts';

let history: HistoryFixture;
beforeEach(async () => {
  await history?.stop();
  history = await openHistory();
});
afterAll(() => history?.stop());

const asTenant = <T>(work: Parameters<HistoryFixture['database']['asTenants']>[1]) =>
  history.database.asTenants([history.tenant.id], work) as Promise<T>;

describe('a run that is over', () => {
  test('stays in the live tables for the time that is set, then leaves them', async () => {
    const run = await history.run(flowOf('test/pass'));
    await history.later(4 * minute);
    expect(await history.archive()).toBe(0);
    await history.later(2 * minute);
    expect(await history.archive()).toBe(1);
    expect([await history.live(), await history.archived()]).toEqual([[], [run]]);
  });

  test('looks the same from the archive: steps, waits, signals, story', async () => {
    const run = await history.run(flowOf('test/wait', { key: '4711' }), { order: 1 });
    await history.signal('4711', { status: 'OK' });
    await history.engine.settle();
    await history.later(6 * minute);
    const before = await history.story(run);
    expect(before).toMatchObject({ run: { status: 'succeeded' }, waits: [{ state: 'matched' }] });
    expect(before?.signals).toMatchObject([{ state: 'accepted', step: 'only' }]);
    await history.archive();
    expect(await history.story(run)).toEqual(before);
    for (const table of ['run', 'step', 'wait', 'signal', 'timer'])
      expect(await history.query(`select from millrace.${table}`), table).toEqual([]);
  });

  test('is listed among the live ones, in order, on whatever page', async () => {
    const runs: string[] = [];
    for (let n = 0; n < 3; n++) runs.push(await history.run(flowOf('test/pass')));
    await history.later(6 * minute);
    await history.archive();
    for (let n = 0; n < 3; n++) runs.push(await history.run(flowOf('test/pass')));
    const pageAfter = (before?: string) =>
      asTenant<{ id: string }[]>((tx) =>
        listRuns(tx, history.tenant.id, { limit: 2, status: 'succeeded', ...(before !== undefined && { before }) }),
      );
    const seen: string[] = [];
    for (let page = await pageAfter(); page.length > 0; page = await pageAfter(seen.at(-1)))
      seen.push(...page.map(({ id }) => id));
    expect(seen).toEqual(runs.toReversed());
  });

  test('is not moved while it waits or runs', async () => {
    await history.run(flowOf('test/wait', { key: '1' }));
    await history.later(60 * minute);
    expect(await history.archive()).toBe(0);
  });

  test('that somebody holds is left for the next time', async () => {
    const run = await history.run(flowOf('test/pass'));
    await history.later(6 * minute);
    await history.query('begin');
    await history.query('select from millrace.run where id = $1 for update', [run]);
    expect(await history.archive()).toBe(0);
    await history.query('rollback');
    expect(await history.archive()).toBe(1);
  });

  test('goes once, however many processes move', async () => {
    for (let n = 0; n < 20; n++) await history.start(flowOf('test/pass'));
    await history.engine.settle();
    await history.later(6 * minute);
    const moved = await Promise.all([history.archive(), history.archive(), history.archive()]);
    expect(moved[0] + moved[1] + moved[2]).toBe(20);
    expect((await history.archived()).length).toBe(20);
  });
});

describe('a run that has failed', () => {
  test('R-X3 stays where it can be redriven until somebody has dealt with it', async () => {
    const run = await history.run(flowOf('test/refuse'));
    await history.later(60 * minute);
    expect(await history.archive()).toBe(0);
    await asTenant((tx) => discardDeadLetters(tx, [run], { by: 'Ann', note: 'A test' }));
    expect(await history.archive()).toBe(1);
    const letters = await asTenant((tx) => listDeadLetters(tx, history.tenant.id, { limit: 10 }));
    expect(letters).toMatchObject([{ runId: run, state: 'discarded', settledBy: 'Ann', note: 'A test' }]);
    expect(await history.engine.redrive(history.tenant.id, [run], 'Ann')).toBe(0);
  });
});

describe('runs that call each other', () => {
  let parent: string;
  let child: string;
  let grandchild: string;
  beforeEach(async () => {
    [parent, child, grandchild] = [await ended(), await ended(), await ended()];
    await history.query('update millrace.run set parent = $2 where id = $1', [child, parent]);
    await history.query('update millrace.run set parent = $2 where id = $1', [grandchild, child]);
    await history.later(6 * minute);
  });
  const ended = () => history.run(flowOf('test/pass'));
  const goesOn = (run: string) =>
    history.query("update millrace.run set status = 'waiting', finished_at = null where id = $1", [run]);

  test('go when all are over', async () => {
    expect(await history.archive()).toBe(3);
  });

  test('stay while the one that called still runs: redriven, it would ask for them again', async () => {
    await goesOn(parent);
    expect(await history.archive()).toBe(0);
  });

  test('stay while one that was called still runs', async () => {
    await goesOn(child);
    expect(await history.archive()).toBe(0);
  });

  test('stay while somebody has to deal with one that was called', async () => {
    await history.query(
      `insert into millrace.dead_letter (run_id, tenant_id, environment, flow_id, category, code, message)
       values ($1, $2, 'production', 'test', 'server', 'DOWN', 'Down.')`,
      [child, history.tenant.id],
    );
    expect(await history.archive()).toBe(0);
  });
});

describe('what is remembered when a run has left', () => {
  test('R-C1 an event that comes again is still the same run', async () => {
    const event = {
      tenant: history.tenant.id,
      environment: 'production',
      flowId: 'test',
      parameters: {},
      connections: {},
      node: 'start',
      payload: {},
      meta: {},
      source: 'test',
      eventId: 'E-1',
    };
    await history.run(flowOf('test/pass'));
    const [first] = await history.query<{ version: string }>('select version from millrace.run');
    const { run } = await history.engine.accept({ ...event, version: first?.version as string });
    await history.engine.settle();
    await history.later(6 * minute);
    expect(await history.archive()).toBe(2);
    const again = await history.engine.accept({ ...event, version: first?.version as string });
    expect(again).toEqual({ run, duplicate: true });
    expect(await history.live()).toEqual([]);
  });

  test('mailboxes know what was waited for and what came', async () => {
    await history.run(flowOf('test/wait', { key: '4711' }));
    await history.signal('4711', { status: 'OK' }, 'ack_4711.json');
    await history.engine.settle();
    await history.later(6 * minute);
    await history.archive();
    expect(await history.query('select channel, key, detail from millrace.mailbox')).toEqual([
      { channel: 'ack', key: '4711', detail: { key: '4711' } },
    ]);
    expect(await history.query('select channel, key, fingerprint from millrace.mailbox_signal')).toEqual([
      { channel: 'ack', key: '4711', fingerprint: 'ack_4711.json' },
    ]);
  });

  test('signals that came late stay for other waits, and are still seen at their run', async () => {
    const run = await history.run(flowOf('test/wait', { key: '1' }));
    await history.signal('1', { n: 1 }, 'first');
    await history.engine.settle();
    await history.signal('1', { n: 2 }, 'second');
    // As one that had come before the first was taken.
    await history.query("update millrace.signal set run_id = $1 where state = 'late'", [run]);
    await history.later(6 * minute);
    await history.archive();
    expect(await history.query('select state from millrace.signal')).toEqual([{ state: 'late' }]);
    const all = await asTenant<{ state: string }[]>((tx) => listSignals(tx, history.tenant.id, { limit: 10 }));
    expect(all.map(({ state }) => state)).toEqual(['late', 'accepted']);
    expect((await history.story(run))?.signals).toHaveLength(2);
  });
});

describe('the archive is guarded', () => {
  test('another tenant sees nothing of it', async () => {
    const run = await history.run(flowOf('test/pass'));
    await history.later(6 * minute);
    await history.archive();
    const stranger = '00000000-0000-7000-8000-00000000000f';
    const seen = await history.database.asTenants([stranger], (tx) => listRuns(tx, history.tenant.id, { limit: 10 }));
    expect(seen).toEqual([]);
    expect(await history.archived()).toEqual([run]);
  });

  test('every table is under forced row-level security, the parts too', async () => {
    await history.run(flowOf('test/pass'));
    await history.later(6 * minute);
    await history.archive();
    expect(
      await history.query(`
        select relname from pg_class where relnamespace = 'millrace'::regnamespace and relkind in ('r', 'p')
          and relname like 'archived%' and not (relrowsecurity and relforcerowsecurity)`),
    ).toEqual([]);
  });

  test.each([
    ['change what is archived', 'millrace_app', 'update millrace.archived_run set status = status'],
    ['delete what is archived', 'millrace_app', 'delete from millrace.archived_run'],
    ['drop parts', 'millrace_app', "select millrace.drop_archive('short', now() - interval '9 days')"],
    ['read payloads across tenants', 'millrace_scan', 'select trigger from millrace.archived_run'],
    ['forget what is young', 'millrace_scan', 'select millrace.drop_archive($$short$$, now())'],
    ['name another table', 'millrace_scan', "select millrace.make_archive('x; drop table millrace.run', now())"],
  ])('the application cannot %s', async (_what, role, statement) => {
    await history.query(`set role ${role}`);
    await expect(history.query(statement)).rejects.toThrow(
      /permission denied|younger than a day|no class of retention/,
    );
    await history.query('reset role');
  });
});

test('every column of the live tables goes into the archive, or is left out on purpose', async () => {
  const leftOut: Readonly<Record<string, string[]>> = {
    // What only an engine needs that may still take the run.
    run: 'state wake token lease_holder lease_until cancel updated_at revision takeovers redrive held'.split(' '),
  };
  for (const [table, kept] of Object.entries(archivedColumns)) {
    const columns = await history.query<{ name: string }>(
      "select column_name as name from information_schema.columns where table_schema = 'millrace' and table_name = $1",
      [table],
    );
    const named = [...kept.split(/,\s*/), ...(leftOut[table] ?? [])];
    expect(named.toSorted(), table).toEqual(columns.map(({ name }) => name).toSorted());
  }
});

test('who looks for runs that are over goes on behind the last one, whatever has to stay before it', async () => {
  const refused = await history.run(flowOf('test/refuse'));
  const over: string[] = [];
  for (let n = 0; n < 3; n++) over.push(await history.run(flowOf('test/pass')));
  await history.query('update millrace.run set finished_at = now() where status = $1', ['succeeded']);
  await history.later(6 * minute);
  const found: string[] = [];
  const next = (after?: OverRun) =>
    history.database.byIndex.asScanner((tx) => findArchivable(tx, { olderThanMs: 0, limit: 1, after }));
  for (let page = await next(); page.length > 0 && found.length < 9; page = await next(page[0]))
    found.push(...page.map(({ run }) => run));
  expect(found).toEqual(over);
  await history.archive();
  expect(await history.live()).toEqual([refused]);
});

test('more runs than one transaction takes go as well', async () => {
  const run = await history.run(flowOf('test/pass'));
  await history.query(
    `insert into millrace.run (tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger,
       source, status, finished_at)
     select tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source, status,
       finished_at from millrace.run, generate_series(1, 1200) where id = $1`,
    [run],
  );
  await history.later(6 * minute);
  expect(await archiveOver(history.database, 5 * minute)).toBe(1201);
});
