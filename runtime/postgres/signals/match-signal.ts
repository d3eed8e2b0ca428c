import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import { unmatched } from '../queries/list-signals.ts';
import type { WakeUp } from '../runs/wake-up.ts';
import { lockMailboxes, type Mailbox } from './lock-mailboxes.ts';

interface Orphan extends Omit<Mailbox, 'key'> {
  readonly key: string | null;
  readonly state: string;
}

/**
 * Gives a signal that nobody has taken to an open wait, whatever key it came under; the node that waits still accepts or
 * rejects it. Answers the run that has to look at it. Like whoever opens a wait or stores a signal it holds the mailbox of
 * the signal, so that no wait that is opened meanwhile takes it too, and then the run, which alone closes its waits.
 * @throws {MillraceError} `NOT_FOUND`, `SIGNAL_TAKEN`, `WAIT_CLOSED`, `ENVIRONMENT_OTHER`
 */
export async function matchSignal(tx: Tx, tenant: string, signal: string, wait: string): Promise<WakeUp> {
  const seen = await loadSignal(tx, signal);
  if (!seen) throw notFound('This signal');
  if (seen.key !== null) await lockMailboxes(tx, [{ ...seen, key: seen.key }]);
  const awaited = await lockWait(tx, wait);
  if (!awaited) throw notFound('This wait');
  if (awaited.environment !== seen.environment)
    throw refusal(
      'ENVIRONMENT_OTHER',
      `The signal came in ${seen.environment}, the wait is in ${awaited.environment}.`,
    );
  if (awaited.state !== 'open') throw refusal('WAIT_CLOSED', 'This wait is not open any more.');
  if (!(await take(tx, signal, { wait, run: awaited.run })))
    throw refusal('SIGNAL_TAKEN', 'Somebody has taken this signal already.');
  const target = `signals/${signal}`;
  const before = { state: seen.state, channel: seen.channel, key: seen.key };
  const after = { run: awaited.run, wait, channel: awaited.channel, key: awaited.key };
  await noteChange(tx, { tenant, environment: seen.environment, action: 'signals.match', target, before, after });
  return { run: awaited.run, tenant };
}

async function loadSignal(tx: Tx, id: string): Promise<Orphan | undefined> {
  const { rows } = await sql<Orphan>`
    select tenant_id as tenant, environment, channel, key, state from millrace.signal where id = ${id}`.execute(tx);
  return rows[0];
}

interface Awaited {
  readonly run: string;
  readonly environment: string;
  readonly channel: string;
  readonly key: string;
  readonly state: string;
}

/** The wait as it stands once its run is locked. */
async function lockWait(tx: Tx, id: string): Promise<Awaited | undefined> {
  await sql`
    select from millrace.run where id = (select run_id from millrace.wait where id = ${id}) for update`.execute(tx);
  const { rows } = await sql<Awaited>`
    select run_id as run, environment, channel, key, state from millrace.wait where id = ${id}`.execute(tx);
  return rows[0];
}

/** False where it is among the unmatched no longer. */
async function take(tx: Tx, signal: string, to: { readonly wait: string; readonly run: string }): Promise<boolean> {
  const { rows } = await sql`
    update millrace.signal set state = 'matched', reason = null, wait_id = ${to.wait}, run_id = ${to.run}
    where id = ${signal} and state = any (${[...unmatched]}) returning id`.execute(tx);
  return rows.length > 0;
}

function notFound(what: string): MillraceError {
  return new MillraceError('NOT_FOUND', `${what} does not exist.`, { category: 'not-found' });
}

function refusal(code: string, message: string): MillraceError {
  return new MillraceError(code, message);
}
