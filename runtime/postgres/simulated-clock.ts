import pg from 'pg';

/** Turns the time of a database that exists for one simulation. */
export interface SimulatedClock {
  /** The simulated time. */
  now(): Promise<Date>;
  /** Moves time forward to the given moment; time never goes back. */
  advanceTo(moment: Date): Promise<void>;
  close(): Promise<void>;
}

/** Replaces `millrace.now()` by a clock that stands `shift` ahead. The login must own the schema. */
export async function simulateClock(url: string): Promise<SimulatedClock> {
  const client = new pg.Client({ connectionString: url, application_name: 'millrace simulation' });
  // Tests end connections on purpose; the next query tells.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`
    create table if not exists millrace.clock (shift interval not null);
    insert into millrace.clock select interval '0' where not exists (select from millrace.clock);
    grant select on millrace.clock to millrace_app, millrace_scan, millrace_forget;
    create or replace function millrace.now() returns timestamptz language sql stable
      as 'select statement_timestamp() + (select shift from millrace.clock)'`);
  return {
    async now() {
      const { rows } = await client.query<{ now: Date }>('select millrace.now() as now');
      return (rows[0] as { now: Date }).now;
    },
    async advanceTo(moment) {
      await client.query('update millrace.clock set shift = greatest(shift, $1::timestamptz - statement_timestamp())', [
        moment,
      ]);
    },
    close: () => client.end(),
  };
}
