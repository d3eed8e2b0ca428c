import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { deploy } from '../flows/deployments.ts';
import { pauseFlow } from '../flows/pause.ts';
import { claimReady, type Room, tenantsWaiting } from './claim-ready.ts';
import { releaseOrphans } from './release-orphans.ts';
import { lease, openRuns, type RunsFixture } from './runs.fixture.ts';
import { takeRuns } from './take-runs.ts';

let database: Database;
let tenantWith: RunsFixture['tenantWith'];
let close: RunsFixture['close'];
beforeAll(async () => {
  ({ database, tenantWith, close } = await openRuns());
});
afterAll(() => close());
beforeEach(async () => {
  // What an earlier test has left is taken first.
  while ((await claim({ places: 1_000, ofOne: 1_000, inHand: [] })).length > 0);
});

const claim = (room: Room, mayBeSuspect = true) =>
  database.asScanner((tx) => claimReady(tx, room, lease, mayBeSuspect));

const everything = { places: 3, ofOne: 3, inHand: [] };

test('R-X3 ready runs are claimed tenant by tenant in turn, the oldest of each first', async () => {
  const loud = await tenantWith(50);
  const quiet = await tenantWith(2);
  const first = await claim(everything);
  expect(first.map(({ run }) => run).toSorted()).toEqual([loud.runs[0], loud.runs[1], quiet.runs[0]].toSorted());
  expect((await claim(everything)).map(({ run }) => run)).toContain(quiet.runs[1]);
});

test('R-X3 where one place becomes free at a time, whoever has least in hand gets it, not whoever came first', async () => {
  const loud = await tenantWith(50);
  const busy = await tenantWith(50);
  const quiet = await tenantWith(1);
  const inHand = new Map([
    [loud.tenant, 3],
    [busy.tenant, 1],
  ]);
  const claimedBy: string[] = [];
  for (let place = 0; place < 4; place++) {
    const room = { places: 1, ofOne: 10, inHand: [...inHand].map(([tenant, runs]) => ({ tenant, runs })) };
    for (const { tenant } of await claim(room)) {
      claimedBy.push(tenant);
      inHand.set(tenant, (inHand.get(tenant) ?? 0) + 1);
    }
  }
  expect(claimedBy).toEqual([quiet.tenant, busy.tenant, busy.tenant, loud.tenant]);
});

test('R-X3 runs of dead workers take their turn as well: nobody waits behind another’s', async () => {
  const loud = await tenantWith(50, -1_000);
  const quiet = await tenantWith(1);
  expect(await database.asScanner((tx) => releaseOrphans(tx, 1_000))).toBe(50);
  const claimed = await claim(everything);
  expect(claimed.map(({ run }) => run)).toContain(quiet.runs[0]);
  expect(claimed.find(({ run }) => run === loud.runs[0])).toMatchObject({ takenOver: true });
});

test('R-X3 two that look at the same time claim different runs', async () => {
  const { runs } = await tenantWith(6);
  const both = await database.asScanner(async (tx) => {
    const first = await claimReady(tx, everything, lease, true);
    return [...first, ...(await claim(everything))];
  });
  expect(both.map(({ run }) => run).toSorted()).toEqual([...runs].toSorted());
});

test('no tenant gets more than its part, and it is known who still waits', async () => {
  const first = await tenantWith(5);
  const second = await tenantWith(5);
  const inHand = [{ tenant: first.tenant, runs: 3 }];
  const claimed = await claim({ places: 8, ofOne: 3, inHand });
  expect(claimed.map(({ run }) => run)).toEqual(second.runs.slice(0, 3));
  const waiting = await database.asScanner((tx) => tenantsWaiting(tx));
  expect(waiting.toSorted()).toEqual([first.tenant, second.tenant].toSorted());
});

test('T14 runs that have lost workers again and again are claimed one at a time, and the others beside them', async () => {
  const { tenant, runs } = await tenantWith(5);
  await database.asTenants([tenant], (tx) =>
    sql`update millrace.run set takeovers = 2 where id = any(${runs.slice(0, 3)}::uuid[])`.execute(tx),
  );
  const room = { places: 5, ofOne: 5, inHand: [] };
  expect((await claim(room, false)).map(({ run }) => run).toSorted()).toEqual([runs[3], runs[4]].toSorted());
  expect((await claim(room)).map(({ run }) => run)).toEqual([runs[0]]);
  expect((await claim(room)).map(({ run }) => run)).toEqual([runs[1]]);
});

test('R-X3 from the instant in which its flow is paused a run is claimed no more, if nobody wants it to end', async () => {
  const { tenant, runs } = await tenantWith(3);
  const flow = { tenant, environment: 'production', flowId: 'f' };
  await database.asTenants([tenant], async (tx) => {
    await deploy(tx, { ...flow, version: 'v', parameters: {}, connections: {} }, { routes: [], recordTypes: [] });
    await pauseFlow(tx, flow);
    await sql`update millrace.run set flow_id = 'another' where id = ${runs[1]}`.execute(tx);
    await sql`update millrace.run set cancel = true where id = ${runs[2]}`.execute(tx);
  });
  expect((await claim(everything)).map(({ run }) => run)).toEqual(runs.slice(1));
  const taken = await database.asTenants([tenant], (tx) => takeRuns(tx, runs, lease));
  expect(taken).toEqual([]);
});
