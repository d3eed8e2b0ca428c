import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { isLostConnection } from '../database-error.ts';
import { extendLeases } from './extend-leases.ts';
import { giveBack } from './give-back.ts';
import { openRuns, type RunsFixture } from './runs.fixture.ts';

let fixture: RunsFixture;
beforeAll(async () => {
  fixture = await openRuns();
});
afterAll(() => fixture.close());

/** So long that every extension is seen. */
const extended = 3_600_000;

async function heldRuns(count: number) {
  const { tenant, runs } = await fixture.tenantWith(count, 1_000);
  const query = async <T>(statement: RawBuilder<T>) =>
    (await fixture.database.asTenants([tenant], (tx) => statement.execute(tx))).rows;
  return {
    runs,
    query,
    extend: () =>
      fixture.database.byIndex.asTenants([tenant], (tx) =>
        extendLeases(
          tx,
          runs.map((run) => ({ run, token: 1 })),
          extended,
        ),
      ),
    giveBack: (run: string) => fixture.database.asTenants([tenant], (tx) => giveBack(tx, [{ run, token: 1 }])),
    /** Those whose lease lasts for longer than the one they were born with. */
    extended: async () =>
      (
        await query(sql<{ id: string }>`
          select id from millrace.run where lease_until > millrace.now() + interval '1 minute' order by id`)
      ).map(({ id }) => id),
  };
}

test('R-X3 a row that somebody keeps locked costs nobody a lease, and its own run is not lost by it', async () => {
  const { runs, extend, extended } = await heldRuns(3);
  const client = new pg.Client(fixture.url);
  await client.connect();
  await client.query('begin');
  await client.query('select from millrace.run where id = $1 for update', [runs[0]]);
  const found = await extend();
  await client.query('rollback');
  await client.end();
  expect(runs.map((run) => found.get(run)?.token)).toEqual([1, 1, 1]);
  expect(await extended()).toEqual(runs.slice(1));
});

test('R-X3 a run that somebody else has taken is told by its token, and not extended', async () => {
  const { runs, query, extend, extended } = await heldRuns(2);
  await query(sql`update millrace.run set token = 2 where id = ${runs[0]}`);
  expect((await extend()).get(runs[0] as string)?.token).toBe(2);
  expect(await extended()).toEqual(runs.slice(1));
});

test('R-X3 a run that was given back stays ready for whoever looks next', async () => {
  const { runs, extend, extended, giveBack } = await heldRuns(2);
  await giveBack(runs[0] as string);
  await extend();
  expect(await extended()).toEqual(runs.slice(1));
});

test('R-X3 a process that falls silent in mid-transaction keeps its locks for no longer than its leases', async () => {
  const { tenant, runs } = await fixture.tenantWith(1, 1_000);
  const lock = sql`select from millrace.run where id = ${runs[0]} for update`;
  const silent = openDatabase(fixture.url, { silenceMs: 200 });
  const [locked, spoken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const transaction = silent.asTenants([tenant], async (tx) => {
    await lock.execute(tx);
    locked.resolve();
    await spoken.promise;
    await lock.execute(tx);
  });
  await locked.promise;
  await fixture.database.asTenants([tenant], (tx) => lock.execute(tx));
  spoken.resolve();
  await expect(transaction).rejects.toSatisfy(isLostConnection);
  await silent.close();
});
