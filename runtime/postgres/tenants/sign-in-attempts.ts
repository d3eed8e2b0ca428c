import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** How many attempts a subject has within how many minutes. */
export interface AttemptLimit {
  readonly most: number;
  readonly minutes: number;
}

/**
 * Counts an attempt of each subject; answers for how many seconds no more are allowed, 0 where this one is. All are counted
 * even where one is over its limit, and attempts made meanwhile count as well. Scanner's transaction.
 */
export async function countAttempt(tx: Tx, subjects: ReadonlyMap<string, AttemptLimit>): Promise<number> {
  let wait = 0;
  // Always in the same order, so that two who try at once do not wait for each other.
  for (const [subject, { most, minutes }] of [...subjects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { rows } = await sql<{ wait: number }>`
      insert into millrace.sign_in_attempts as known (subject, attempts, since) values (${subject}, 1, millrace.now())
      on conflict (subject) do update set
        attempts = case when known.since > millrace.now() - ${minutes} * interval '1 min' then known.attempts + 1 else 1 end,
        since = case when known.since > millrace.now() - ${minutes} * interval '1 min' then known.since else millrace.now() end
      returning case when attempts > ${most}
        then ceil(extract(epoch from since + ${minutes} * interval '1 min' - millrace.now()))::int else 0 end as wait`.execute(
      tx,
    );
    wait = Math.max(wait, rows[0]?.wait ?? 0);
  }
  return wait;
}

/** The subject has proven who it is: its attempts are forgotten. Scanner's transaction. */
export async function forgetAttempts(tx: Tx, subject: string): Promise<void> {
  await sql`delete from millrace.sign_in_attempts where subject = ${subject} or since < millrace.now() - interval '1 day'`.execute(
    tx,
  );
}
