/** One file, since its tests share a database and its clock, which is turned on from test to test and never back. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../postgres/database.ts';
import { ensureTenant } from '../../postgres/tenants/tenants.ts';
import type { Accepting } from '../accepting.ts';
import { type Fixture, startFixture } from '../triggers.fixture.ts';
import { fireSchedules } from './fire-schedules.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterEach(async () => {
  await fixture.endRuns();
  for (const table of ['deployment', 'run']) await fixture.query(sql.raw(`delete from millrace.${table}`));
});
afterAll(() => fixture.stop());

const fire = (database: Database = fixture.database, accepting: Accepting = fixture.accepting(database)) =>
  fireSchedules(database, accepting, fixture.services.log);

const schedule = (config: object) => ({ type: 'core/schedule', config: config as never });
const scheduledFor = async (flow?: string) => (await fixture.runs(flow)).map(({ meta }) => String(meta.scheduledFor));

/** Every test begins in a later year. */
let year = 2030;
async function turnTo(moment: string): Promise<void> {
  await fixture.clock.advanceTo(new Date(moment));
}
async function inNewYear(): Promise<string> {
  year++;
  await turnTo(`${year}-01-10T00:00:30Z`);
  return `${year}`;
}

describe('a deployed schedule', () => {
  test('R-X2 starts a run at its time, with its data, on the version that is deployed', async () => {
    const y = await inNewYear();
    const { version } = await fixture.deploy('nightly', schedule({ rule: '0 3 * * *', payload: { warehouse: 'GBG' } }));
    await fire();
    expect(await fixture.runs()).toEqual([]);
    await turnTo(`${y}-01-10T03:00:01Z`);
    await fire();
    expect(await fixture.runs()).toMatchObject([
      {
        flowId: 'nightly',
        version,
        payload: { warehouse: 'GBG' },
        meta: { scheduledFor: `${y}-01-10T03:00:00.000Z`, timeZone: 'UTC' },
        source: 'schedule',
      },
    ]);
  });

  test('R-C6 follows the clock of the tenant’s zone where it names none', async () => {
    const y = await inNewYear();
    const tenant = { ...fixture.tenant, timeZone: 'Europe/Stockholm' };
    await fixture.deploy('zoned', schedule({ rule: '0 3 * * *' }), {}, tenant);
    await turnTo(`${y}-01-10T02:00:01Z`);
    await fire();
    expect(await scheduledFor()).toEqual([`${y}-01-10T02:00:00.000Z`]);
  });

  test('takes its rule and zone from the deployment’s parameters', async () => {
    const y = await inNewYear();
    const parameters = { properties: { at: { default: '0 4 * * *' }, zone: { default: 'Asia/Tokyo' } } };
    const config = { rule: '{% $params.at %}', timeZone: '{% $params.zone %}' };
    await fixture.deploy('by-parameter', schedule(config), { parameters });
    await turnTo(`${y}-01-10T19:00:01Z`);
    await fire();
    expect(await scheduledFor()).toEqual([`${y}-01-10T19:00:00.000Z`]);
  });

  test('is gone with the next look when it is undeployed', async () => {
    const y = await inNewYear();
    await fixture.deploy('gone', schedule({ rule: '0 3 * * *' }));
    await fixture.undeploy('gone');
    await turnTo(`${y}-01-10T04:00Z`);
    await fire();
    expect(await fixture.runs()).toEqual([]);
  });

  test('follows its new rule when it is deployed anew, and keeps its time when only something else has changed', async () => {
    const y = await inNewYear();
    await fixture.deploy('changed', schedule({ rule: '0 3 * * *' }));
    await turnTo(`${y}-01-10T03:30Z`);
    await fixture.deploy('changed', schedule({ rule: '0 3 * * *', payload: 'new' }));
    await fire();
    expect(await fixture.runs()).toMatchObject([
      { payload: 'new', meta: { scheduledFor: `${y}-01-10T03:00:00.000Z` } },
    ]);
    await fixture.deploy('changed', schedule({ rule: '0 5 * * *' }));
    await turnTo(`${y}-01-10T05:00:10Z`);
    await fixture.endRuns();
    await fire();
    expect(await scheduledFor()).toEqual([`${y}-01-10T03:00:00.000Z`, `${y}-01-10T05:00:00.000Z`]);
  });

  test('rests while its flow is paused, and then makes up for what it missed', async () => {
    const y = await inNewYear();
    await fixture.deploy('paused', schedule({ rule: '0 * * * *' }));
    await fixture.deploy('going-on', schedule({ rule: '0 * * * *' }));
    await fixture.query(sql`update millrace.deployment set paused_at = millrace.now() where flow_id = 'paused'`);
    await turnTo(`${y}-01-10T03:30Z`);
    await fire();
    expect((await fixture.runs()).map(({ flowId }) => flowId)).toEqual(['going-on']);
    await fixture.query(sql`update millrace.deployment set paused_at = null`);
    await fire();
    expect(await fixture.runs('paused')).toHaveLength(1);
  });

  test('ends with its rule', async () => {
    const y = await inNewYear();
    await fixture.deploy(
      'twice',
      schedule({ rule: `DTSTART:${y}0110T030000 RRULE:FREQ=HOURLY;COUNT=2`, missed: 'all', overlap: 'start' }),
    );
    await turnTo(`${y}-01-10T09:00Z`);
    await fire();
    expect(await scheduledFor()).toEqual([`${y}-01-10T03:00:00.000Z`, `${y}-01-10T04:00:00.000Z`]);
    expect(await fixture.query(sql`select next_at from millrace.schedule`)).toEqual([{ next_at: null }]);
  });
});

describe('a rule that cannot be followed', () => {
  test.each([
    [{ rule: '61 * * * *' }, 'SCHEDULE_INVALID', '/nodes/begin/config/rule'],
    [{ rule: 'FREQ=SECONDLY' }, 'SCHEDULE_INVALID', '/nodes/begin/config/rule'],
    [{ rule: '0 3 * * *', timeZone: 'Europe/Atlantis' }, 'TIME_ZONE_UNKNOWN', '/nodes/begin/config/timeZone'],
  ])('is refused by the deployment, with its place: %j', async (config, code, pointer) => {
    const problems = [expect.objectContaining({ code, pointer })];
    await expect(fixture.deploy('wrong', schedule(config))).rejects.toMatchObject({
      code: 'FLOW_INVALID',
      options: { problems },
    });
  });

  test('is refused also where a parameter brings it', async () => {
    const parameters = { properties: { at: { default: 'soon' } } };
    await expect(
      fixture.deploy('wrong-parameter', schedule({ rule: '{% $params.at %}' }), { parameters }),
    ).rejects.toMatchObject({
      code: 'CONFIG_VALUE',
      options: { pointer: '/nodes/begin/config/rule', problems: [{ code: 'SCHEDULE_INVALID' }] },
    });
  });
});

describe('T12 with the clock of the zone', () => {
  const stockholm = (rule: string) => schedule({ rule, timeZone: 'Europe/Stockholm', overlap: 'start', missed: 'all' });

  test('put forward: the skipped hour comes once, right after it', async () => {
    await turnTo('2045-03-25T12:00Z');
    year = 2045;
    await fixture.deploy('spring', stockholm('30 2 * * *'));
    await turnTo('2045-03-27T12:00Z');
    await fire();
    expect(await scheduledFor()).toEqual(['2045-03-26T01:00:00.000Z', '2045-03-27T00:30:00.000Z']);
  });

  test('put back: the repeated hour comes once', async () => {
    await turnTo('2045-10-28T12:00Z');
    await fixture.deploy('autumn', stockholm('30 2 * * *'));
    for (const hour of ['00:31', '01:31', '02:31']) {
      await turnTo(`2045-10-29T${hour}Z`);
      await fire();
    }
    expect(await scheduledFor()).toEqual(['2045-10-29T00:30:00.000Z']);
  });
});

describe('T12 after half an hour in which nobody was there', () => {
  test.each([
    ['skip', 'start', []],
    ['once', 'skip', ['03:05']],
    ['all', 'start', ['03:05', '03:10', '03:15', '03:20', '03:25']],
  ])('missed: %s, overlap: %s', async (missed, overlap, expected) => {
    const y = await inNewYear();
    await fixture.deploy('late', schedule({ rule: '*/5 3 * * *', missed, overlap }));
    await turnTo(`${y}-01-10T03:00:01Z`);
    await fire();
    await fixture.endRuns();
    await turnTo(`${y}-01-10T03:28Z`);
    await fire();
    expect(await scheduledFor()).toEqual(['03:00', ...expected].map((time) => `${y}-01-10T${time}:00.000Z`));
  });

  test('all, where none may overlap: one after the other, each when the one before has ended', async () => {
    const y = await inNewYear();
    await fixture.deploy('in-turn', schedule({ rule: '*/5 3 * * *', missed: 'all', overlap: 'skip' }));
    await turnTo(`${y}-01-10T03:12Z`);
    const counts: number[] = [];
    for (let pass = 0; pass < 3; pass++) {
      await fire();
      await fire();
      counts.push((await fixture.runs()).length);
      await fixture.endRuns();
    }
    expect(counts).toEqual([1, 2, 3]);
    expect(await scheduledFor()).toEqual(['03:00', '03:05', '03:10'].map((time) => `${y}-01-10T${time}:00.000Z`));
  });
});

test('a time that comes while the run before is under way is left out, and that is told', async () => {
  const y = await inNewYear();
  await fixture.deploy('slow', schedule({ rule: '0 * * * *' }));
  for (const hour of ['01', '02']) {
    await turnTo(`${y}-01-10T${hour}:00:05Z`);
    await fire();
  }
  expect(await fixture.runs()).toHaveLength(1);
  expect(await fixture.query(sql<{ left_out_at: Date }>`select left_out_at from millrace.schedule`)).toEqual([
    { left_out_at: new Date(`${y}-01-10T02:00Z`) },
  ]);
  await fixture.endRuns();
  await turnTo(`${y}-01-10T03:00:05Z`);
  await fire();
  expect(await fixture.runs()).toHaveLength(2);
});

describe('exactly one run for each time', () => {
  test('whoever dies between the run and the schedule’s advance has done neither', async () => {
    const y = await inNewYear();
    await fixture.deploy('fragile', schedule({ rule: '0 3 * * *' }));
    await turnTo(`${y}-01-10T03:00:05Z`);
    await expect(fire(fixture.database, dyingAfterAccept(fixture.accepting(fixture.database)))).rejects.toThrow('died');
    expect(await fixture.runs()).toEqual([]);
    await fire();
    await fire();
    expect(await scheduledFor()).toEqual([`${y}-01-10T03:00:00.000Z`]);
  });

  test('a process that is slow to commit holds no other one up', async () => {
    const y = await inNewYear();
    await fixture.deploy('first', schedule({ rule: '0 3 * * *' }));
    await turnTo(`${y}-01-10T03:00:05Z`);
    const [holding, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = fire(
      fixture.database,
      pausingAfterAccept(fixture.accepting(fixture.database), holding.resolve, goOn.promise),
    );
    await holding.promise;
    await fire(fixture.another());
    expect(await fixture.runs()).toEqual([]);
    goOn.resolve();
    await slow;
    expect(await fixture.runs()).toHaveLength(1);
  });

  test('a schedule that is set back does not repeat a time', async () => {
    const y = await inNewYear();
    await fixture.deploy('back', schedule({ rule: '0 3 * * *' }));
    await turnTo(`${y}-01-10T03:00:05Z`);
    await fire();
    await fixture.query(sql`update millrace.schedule set next_at = ${`${y}-01-10T03:00Z`}`);
    await fixture.endRuns();
    await fire();
    expect(await fixture.runs()).toHaveLength(1);
  });

  test('a schedule whose rule this process cannot follow holds nobody up', async () => {
    const y = await inNewYear();
    await fixture.deploy('newer', schedule({ rule: '0 3 * * *' }));
    await fixture.deploy('plain', schedule({ rule: '0 3 * * *' }));
    await fixture.query(sql`update millrace.schedule set rule = '{"cron": "never"}' where flow_id = 'newer'`);
    await turnTo(`${y}-01-10T03:00:05Z`);
    await fire();
    expect((await fixture.runs()).map(({ flowId }) => flowId)).toEqual(['plain']);
  });

  test('load 104, T12: 1,000 schedules due in one second, fired by three processes, are 1,000 runs', async () => {
    const y = await inNewYear();
    const { version } = await fixture.deploy('many', schedule({ rule: '0 3 * * *' }));
    await fixture.query(sql`
      insert into millrace.schedule (tenant_id, environment, flow_id, node, rule, time_zone, missed, overlap, payload, next_at)
      select tenant_id, environment, flow_id, 'begin' || n, rule, time_zone, missed, overlap, payload, next_at
      from millrace.schedule, generate_series(2, 1000) as n`);
    await turnTo(`${y}-01-10T03:00:00.500Z`);
    const processes = [fixture.database, fixture.another(), fixture.another()];
    await Promise.all(processes.map((database) => fire(database)));
    await fire();
    const counted = await fixture.query(sql`
      select count(*) as runs, count(distinct trigger_node) as nodes, min(version) as version from millrace.run`);
    expect(counted).toEqual([{ runs: 1000, nodes: 1000, version }]);
    const [due] = await fixture.query(
      sql<{ due: number }>`select count(*) as due from millrace.schedule where next_at <= millrace.now()`,
    );
    expect(due).toEqual({ due: 0 });
  });
});

describe('T12 many times that were missed', () => {
  /** So many schedules like the one that is deployed. */
  const multiply = (count: number) =>
    fixture.query(sql`
      insert into millrace.schedule
        (tenant_id, environment, flow_id, node, rule, time_zone, missed, overlap, payload, next_at, last_run)
      select tenant_id, environment, flow_id, 'begin' || n, rule, time_zone, missed, overlap, payload, next_at, last_run
      from millrace.schedule, generate_series(2, ${count}) as n`);

  test('of one tenant hold no other tenant up, however many wait for the run before them', async () => {
    const y = await inNewYear();
    await fixture.deploy('blocked', schedule({ rule: '*/5 3 * * *', missed: 'all', overlap: 'skip' }));
    await turnTo(`${y}-01-10T03:12Z`);
    await fire();
    await multiply(500);
    const other = await fixture.database.asScanner((tx) => ensureTenant(tx, `other-${y}`, 'Other'));
    await fixture.deploy('due', schedule({ rule: '10 3 * * *', missed: 'once' }), {}, other);
    await fixture.database.asTenants([other.id], (tx) =>
      sql`update millrace.schedule set next_at = ${`${y}-01-10T03:10Z`}`.execute(tx),
    );
    await fire();
    const { rows } = await fixture.database.asTenants([other.id], (tx) =>
      sql`select flow_id from millrace.run`.execute(tx),
    );
    await fixture.database.asTenants([other.id], (tx) => sql`delete from millrace.deployment`.execute(tx));
    expect(rows).toEqual([{ flow_id: 'due' }]);
  });

  test('are made up for in transactions of bounded size, each by one run', async () => {
    const y = await inNewYear();
    await fixture.deploy('backlog', schedule({ rule: '* 3 * * *', missed: 'all', overlap: 'start' }));
    await multiply(30);
    await turnTo(`${y}-01-10T04:30Z`);
    const sizes: number[] = [];
    await fire(
      fixture.database,
      countingAccepted(fixture.accepting(fixture.database), (size) => sizes.push(size)),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    expect(await fixture.query(sql`select count(*), count(distinct trigger_node) as nodes from millrace.run`)).toEqual([
      { count: 30 * 60, nodes: 30 },
    ]);
  });
});

function countingAccepted(accepting: Accepting, count: (runs: number) => void): Accepting {
  return {
    transaction: (tenants, work) =>
      accepting.transaction(tenants, (tx, accept) =>
        work(tx, (runs) => {
          count(runs.length);
          return accept(runs);
        }),
      ),
  };
}

function dyingAfterAccept(accepting: Accepting): Accepting {
  return afterAccept(accepting, () => Promise.reject(new Error('died')));
}

function pausingAfterAccept(accepting: Accepting, holding: () => void, goOn: Promise<void>): Accepting {
  return afterAccept(accepting, () => {
    holding();
    return goOn;
  });
}

function afterAccept(accepting: Accepting, happens: () => Promise<void>): Accepting {
  return {
    transaction: (tenants, work) =>
      accepting.transaction(tenants, (tx, accept) =>
        work(tx, async (runs) => {
          const accepted = await accept(runs);
          await happens();
          return accepted;
        }),
      ),
  };
}
