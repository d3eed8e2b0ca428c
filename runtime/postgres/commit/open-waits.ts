import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

/**
 * Opens waits with their timers. Signals that came before are matched now; the wake counter is raised for them, so
 * that the run does not park past them.
 */
export async function openWaits(tx: Tx, waits: readonly Owned<'waits'>[]): Promise<void> {
  if (waits.length === 0) return;
  const { rows: opened } = await sql<{ id: string }>`
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
    select id from opened`.execute(tx);
  if (opened.length < waits.length) throw await waitTaken(tx, waits);
  await sql`
    with matched as (
      update millrace.signal set state = 'matched', reason = null, wait_id = wait.id, run_id = wait.run_id
      from millrace.wait
      where wait.id = any(${opened.map((wait) => wait.id)}::uuid[]) and signal.state in ('kept', 'late')
        and signal.tenant_id = wait.tenant_id and signal.environment = wait.environment
        and signal.channel = wait.channel and signal.key = wait.key
      returning wait.run_id
    )
    update millrace.run set wake = wake + 1 where id in (select run_id from matched)`.execute(tx);
}

async function waitTaken(tx: Tx, waits: readonly Owned<'waits'>[]): Promise<MillraceError> {
  const taken = await sql<{ run: string; step: string; key: string; other: string }>`
    select new.run, new.step, new.key, wait.run_id as other
    from json_to_recordset(${rows(waits)}) as new (run uuid, tenant uuid, environment text, step text, channel text, key text)
    join millrace.wait on wait.tenant_id = new.tenant and wait.environment = new.environment
      and wait.channel = new.channel and wait.key = new.key and wait.state = 'open' and wait.run_id <> new.run`.execute(
    tx,
  );
  const [first] = taken.rows;
  return new MillraceError(
    'WAIT_TAKEN',
    `Another run (${first?.other ?? 'unknown'}) already waits for “${first?.key ?? ''}” on this channel.`,
    { details: { run: first?.run ?? null, step: first?.step ?? null } },
  );
}
