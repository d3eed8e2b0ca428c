import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { together } from '../together.ts';
import type { Owned } from './burst-writes.ts';

/** Signals on one key that are offered to a wait at most; the node has to look at each. */
const mostKept = 1000;

/**
 * Opens waits with their timers. Signals that came before, kept or too late for an earlier wait, are matched now, and the
 * wake counter is raised for them. Answers the runs that have such signals and must not park past them.
 */
export async function openWaits(tx: Tx, waits: readonly Owned<'waits'>[]): Promise<ReadonlySet<string>> {
  if (waits.length === 0) return new Set();
  const [opened, matched] = await together([insert(tx, waits), matchKept(tx, waits)]);
  const refused = waits.find(({ run, step }) => !opened.some((wait) => wait.run === run && wait.step === step));
  if (refused) throw await waitTaken(tx, refused);
  return matched;
}

/** Answers those that could be opened. */
async function insert(tx: Tx, waits: readonly Owned<'waits'>[]) {
  const { rows: opened } = await sql<{ run: string; step: string }>`
    with opened as (
      insert into millrace.wait (tenant_id, environment, run_id, step, channel, key, detail, due_at, expires_at)
      select tenant, environment, run, step, channel, key, detail,
        millrace.now() + "dueAfterMs" * interval '1 ms', millrace.now() + "expiresAfterMs" * interval '1 ms'
      from json_to_recordset(${rows(waits)}) as new
        (tenant uuid, environment text, run uuid, step text, channel text, key text, detail json,
         "dueAfterMs" double precision, "expiresAfterMs" double precision)
      on conflict do nothing
      returning *
    ), timers as (
      insert into millrace.timer (tenant_id, run_id, step, kind, due_at)
      select tenant_id, run_id, step, kind, at
      from opened cross join lateral (values ('due', due_at), ('expire', expires_at)) as timer (kind, at)
      where at is not null
    )
    select run_id as run, step from opened`.execute(tx);
  return opened;
}

/** Matches the signals that came before to the waits that have just been opened; answers the runs that have such. */
async function matchKept(tx: Tx, waits: readonly Owned<'waits'>[]): Promise<ReadonlySet<string>> {
  const { rows: matched } = await sql<{ id: string }>`
    with coming as (
      select wait.id as wait, wait.run_id as run, kept.id
      from json_to_recordset(${rows(waits.map(({ run, step }) => ({ run, step })))}) as new (run uuid, step text)
      join millrace.wait on wait.run_id = new.run and wait.step = new.step and wait.state = 'open'
      cross join lateral (
        select signal.id from millrace.signal
        where (tenant_id, environment, channel, key) = (wait.tenant_id, wait.environment, wait.channel, wait.key)
          and signal.state in ('kept', 'late') order by signal.id limit ${mostKept}) as kept
    ), matched as (
      update millrace.signal set state = 'matched', reason = null, wait_id = coming.wait, run_id = coming.run
      from coming where signal.id = coming.id
      returning signal.run_id
    )
    update millrace.run set wake = wake + 1 where id in (select run_id from matched) returning id`.execute(tx);
  return new Set(matched.map(({ id }) => id));
}

/** One open wait per channel and key: two could not tell whose signal it is. */
async function waitTaken(
  tx: Tx,
  { run, step, tenant, environment, channel, key }: Owned<'waits'>,
): Promise<MillraceError> {
  const { rows: holders } = await sql<{ run: string }>`
    select run_id as run from millrace.wait
    where (tenant_id, environment, channel, key) = (${tenant}, ${environment}, ${channel}, ${key}) and state = 'open'`.execute(
    tx,
  );
  const holder = holders[0]?.run;
  const who = holder === run ? 'Another step of this run' : `Another run (${holder ?? 'unknown'})`;
  return new MillraceError('WAIT_TAKEN', `${who} already waits for “${key}” on this channel.`, {
    details: { run, step },
  });
}
