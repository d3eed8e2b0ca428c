import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRuns, type RunsFixture } from '../runs/runs.fixture.ts';
import type { BurstWrites } from './burst-writes.ts';
import { landed } from './landed.ts';

let fixture: RunsFixture;
beforeAll(async () => {
  fixture = await openRuns();
});
afterAll(() => fixture.close());

const ending: BurstWrites['next'] = { status: 'cancelled' };
/** As the run was taken: the first token, nothing committed yet, under a lease. */
const taken = { token: 1, revision: 0, leased: true };

test.each([
  ['nothing has been committed', 'park', {}, undefined],
  ['nobody has committed, and somebody else has it', ending, { token: 2 }, 'stale'],
  ['it was committed and goes on', 'park', { revision: 1 }, 'continue'],
  ['it was committed and rests', 'park', { revision: 1, leased: false }, 'parked'],
  ['it was committed, and its lease has run out since', 'continue', { revision: 1, leased: false }, 'continue'],
  ['it was committed and has ended', ending, { revision: 1, leased: false }, 'ended'],
  ['somebody else has it and has committed', ending, { token: 2, revision: 1 }, 'stale'],
  ['somebody else has it and lets it rest', 'continue', { token: 2, revision: 1, leased: false }, 'stale'],
] as const)('T4 of a commit whose answer was lost: %s', async (_what, next, then, outcome) => {
  const { token, revision, leased } = { ...taken, ...then };
  const { tenant, runs } = await fixture.tenantWith(1, 60_000);
  const run = runs[0] as string;
  const found = await fixture.database.asTenants([tenant], async (tx) => {
    await sql`
      update millrace.run set token = ${token}, revision = ${revision},
        lease_until = case when ${leased}::boolean then lease_until end where id = ${run}`.execute(tx);
    return landed(tx, { run, token: taken.token, revision: taken.revision, next });
  });
  expect(found).toBe(outcome);
});
