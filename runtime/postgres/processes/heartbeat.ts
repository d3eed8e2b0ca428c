import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A process over the database, as the others see it. */
export interface ProcessRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly roles: readonly string[];
}

/** A process that has not been seen for so long is dead. */
const deadAfterSeconds = 15;

/** Says that this process is alive, forgets the dead, and answers how many others there are. Scanner's transaction. */
export async function heartbeat(tx: Tx, { id, host, pid, version, roles }: ProcessRow): Promise<number> {
  await sql`
    insert into millrace.process (id, host, pid, version, roles)
    values (${id}, ${host}, ${pid}, ${version}, ${roles})
    on conflict (id) do update set seen_at = statement_timestamp()`.execute(tx);
  await sql`
    delete from millrace.process
    where seen_at < statement_timestamp() - ${deadAfterSeconds} * interval '1 second'`.execute(tx);
  const { rows } = await sql<{ others: number }>`
    select count(*)::int as others from millrace.process where id <> ${id}`.execute(tx);
  return (rows[0] as { others: number }).others;
}

/** A process that stops is gone at once. */
export async function sayGoodbye(tx: Tx, id: string): Promise<void> {
  await sql`delete from millrace.process where id = ${id}`.execute(tx);
}
