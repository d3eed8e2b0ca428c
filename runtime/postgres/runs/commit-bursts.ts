/*
 * The one place where a run's progress becomes durable. It is long because it is one transaction: what a burst has
 * decided, done and written takes effect as a whole or not at all. Every statement takes rows of many bursts at once.
 */
import { type ErrorData, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { lockMailboxes } from '../signals/lock-mailboxes.ts';

export interface StepRow {
  readonly key: string;
  readonly node: string;
  readonly status: 'running' | 'waiting' | 'retrying' | 'done' | 'failed';
  readonly attempts: number;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly port?: string;
  readonly input?: Json;
  readonly output?: Json;
  readonly error?: ErrorData;
  readonly nextRetryAt?: string;
}

export interface NewWait {
  readonly step: string;
  readonly channel: string;
  readonly key: string;
  readonly dueAfterMs?: number;
  readonly expiresAfterMs?: number;
  readonly detail: JsonObject;
}

export interface NewTimer {
  readonly step: string;
  readonly kind: 'retry';
  readonly dueAt: string;
}

export interface RecordWrite {
  readonly type: string;
  readonly id: string;
  /** Version that was read; 0 where there was none. Another one at commit is a conflict. */
  readonly expected: number;
  /** Every change since then, each a version of its own; at least one. */
  readonly changes: readonly RecordChange[];
}

export interface RecordChange {
  readonly data: JsonObject;
  readonly from?: string;
  readonly to?: string;
  readonly who: string;
  readonly why?: string;
}

export interface NewAlert {
  /** One alert per incident. */
  readonly incident: string;
  readonly code: string;
  readonly severity: 'warning' | 'high';
  readonly message: string;
}

export type Ending =
  | { readonly status: 'succeeded'; readonly output: Json }
  | { readonly status: 'failed'; readonly error: ErrorData }
  | { readonly status: 'cancelled' };

/** What a burst owes: everything since the run's last commit. */
export interface BurstWrites {
  readonly run: string;
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  readonly token: number;
  /** The wake counter when the inbox was loaded; a higher one now means news, and the run does not park. */
  readonly wakeSeen: number;
  readonly state: RunState;
  /** Keep the run and go on; give it back until something wakes it; or end it. */
  readonly next: 'continue' | 'park' | Ending;
  readonly leaseMs: number;
  readonly steps: readonly StepRow[];
  readonly waits: readonly NewWait[];
  readonly timers: readonly NewTimer[];
  readonly signals: readonly {
    readonly id: string;
    readonly state: 'accepted' | 'rejected';
    readonly reason?: string;
  }[];
  /** Steps whose open wait and remaining timers end with this burst. */
  readonly endedSteps: readonly { readonly step: string; readonly wait: 'matched' | 'expired' | 'cancelled' }[];
  readonly usedTimers: readonly string[];
  readonly overdueSteps: readonly string[];
  readonly records: readonly RecordWrite[];
  readonly alerts: readonly NewAlert[];
}

/** `stale`: somebody else holds the run, nothing was written. `continue`: go on, there is news or more to do. */
export type Committed = 'stale' | 'continue' | 'parked' | 'ended';

/**
 * Commits bursts. A stale token writes nothing for its run.
 * @throws {MillraceError} `RECORD_CONFLICT` when a record changed since it was read (the burst is run again)
 * @throws {MillraceError} `WAIT_TAKEN` when another run already waits on the same channel and key
 */
export async function commitBursts(tx: Tx, bursts: readonly BurstWrites[]): Promise<Map<string, Committed>> {
  await lockMailboxes(tx, bursts.flatMap(mailboxes));
  const fenced = await fence(tx, bursts);
  const live = bursts.filter((burst) => fenced.has(burst.run));
  const all = <T extends object>(pick: (burst: BurstWrites) => readonly T[]) =>
    live.flatMap((burst) =>
      pick(burst).map((row) => ({
        ...row,
        run: burst.run,
        tenant: burst.tenant,
        environment: burst.environment,
        flowId: burst.flowId,
      })),
    );

  await writeSteps(
    tx,
    all((burst) => burst.steps),
  );
  await settleSignals(
    tx,
    all((burst) => burst.signals),
  );
  await endSteps(
    tx,
    all((burst) => burst.endedSteps),
  );
  await endRuns(
    tx,
    live.filter((burst) => typeof burst.next === 'object'),
  );
  await useTimers(
    tx,
    live.flatMap((burst) => burst.usedTimers),
  );
  await markOverdue(
    tx,
    all((burst) => burst.overdueSteps.map((step) => ({ step }))),
  );
  await openTimers(
    tx,
    all((burst) => burst.timers),
  );
  await openWaits(
    tx,
    all((burst) => burst.waits),
  );
  await writeRecords(
    tx,
    all((burst) => burst.records),
  );
  await raiseAlerts(
    tx,
    all((burst) => burst.alerts),
  );
  const parked = await park(
    tx,
    live.filter((burst) => burst.next === 'park'),
  );

  return new Map(
    bursts.map(({ run, next }) => {
      if (!fenced.has(run)) return [run, 'stale'];
      if (typeof next === 'object') return [run, 'ended'];
      return [run, parked.has(run) ? 'parked' : 'continue'];
    }),
  );
}

interface Owner {
  readonly run: string;
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
}

function mailboxes({ tenant, environment, waits }: BurstWrites) {
  return waits.map(({ channel, key }) => ({ tenant, environment, channel, key }));
}

/** Writes the run rows whose token still holds, and locks them until the commit. */
async function fence(tx: Tx, bursts: readonly BurstWrites[]): Promise<Set<string>> {
  const values = bursts.map(({ run, token, state, next, leaseMs }) => ({
    run,
    token,
    state,
    leaseMs,
    status: typeof next === 'object' ? next.status : 'running',
    output: typeof next === 'object' && next.status === 'succeeded' ? next.output : null,
    error: typeof next === 'object' && next.status === 'failed' ? next.error : null,
  }));
  const { rows: fenced } = await sql<{ id: string }>`
    update millrace.run set
      state = new.state, status = new.status, output = new.output, error = new.error, updated_at = millrace.now(),
      finished_at = case when new.status <> 'running' then millrace.now() end,
      lease_holder = case when new.status = 'running' then lease_holder end,
      lease_until = case when new.status = 'running' then millrace.now() + new."leaseMs" * interval '1 ms' end
    from json_to_recordset(${rows(values)}) as new
      (run uuid, token int, state json, status text, output json, error json, "leaseMs" int)
    where run.id = new.run and run.token = new.token and run.status = 'running'
    returning run.id`.execute(tx);
  return new Set(fenced.map((row) => row.id));
}

async function writeSteps(tx: Tx, steps: readonly (StepRow & Owner)[]): Promise<void> {
  if (steps.length === 0) return;
  await sql`
    insert into millrace.step
      (run_id, key, tenant_id, node, status, attempts, started_at, finished_at, port, input, output, error, next_retry_at)
    select run, key, tenant, node, status, attempts, "startedAt", "finishedAt", port, input, output, error, "nextRetryAt"
    from json_to_recordset(${rows(steps)}) as new
      (run uuid, key text, tenant uuid, node text, status text, attempts int, "startedAt" timestamptz,
       "finishedAt" timestamptz, port text, input json, output json, error json, "nextRetryAt" timestamptz)
    on conflict (run_id, key) do update set
      status = excluded.status, attempts = excluded.attempts, finished_at = excluded.finished_at, port = excluded.port,
      input = coalesce(excluded.input, step.input), output = excluded.output, error = excluded.error,
      next_retry_at = excluded.next_retry_at`.execute(tx);
}

async function settleSignals(tx: Tx, signals: readonly BurstWrites['signals'][number][]): Promise<void> {
  if (signals.length === 0) return;
  await sql`
    update millrace.signal set state = new.state, reason = new.reason
    from json_to_recordset(${rows(signals)}) as new (id uuid, state text, reason text)
    where signal.id = new.id`.execute(tx);
}

/** Closes the steps' waits; signals matched to them but not taken have come too late. */
async function endSteps(tx: Tx, ended: readonly (BurstWrites['endedSteps'][number] & Owner)[]): Promise<void> {
  if (ended.length === 0) return;
  await sql`
    with ended as (
      select * from json_to_recordset(${rows(ended)}) as e (run uuid, step text, wait text)
    ), closed as (
      update millrace.wait set state = ended.wait, closed_at = millrace.now()
      from ended where wait.run_id = ended.run and wait.step = ended.step and wait.state = 'open'
      returning wait.id
    ), released as (
      update millrace.signal set state = 'late', reason = 'Another signal or the expiry was first.'
      from closed where signal.wait_id = closed.id and signal.state = 'matched'
    )
    delete from millrace.timer using ended where timer.run_id = ended.run and timer.step = ended.step`.execute(tx);
}

/** An ended run leaves nothing behind that could wake it. */
async function endRuns(tx: Tx, bursts: readonly BurstWrites[]): Promise<void> {
  if (bursts.length === 0) return;
  const runs = bursts.map((burst) => burst.run);
  await sql`
    with closed as (
      update millrace.wait set state = 'cancelled', closed_at = millrace.now()
      where run_id = any(${runs}::uuid[]) and state = 'open' returning id
    ), released as (
      update millrace.signal set state = 'late', reason = 'The run had ended.'
      from closed where signal.wait_id = closed.id and signal.state = 'matched'
    )
    delete from millrace.timer where run_id = any(${runs}::uuid[])`.execute(tx);
}

async function useTimers(tx: Tx, timers: readonly string[]): Promise<void> {
  if (timers.length === 0) return;
  await sql`delete from millrace.timer where id = any(${timers}::uuid[])`.execute(tx);
}

async function markOverdue(tx: Tx, steps: readonly ({ step: string } & Owner)[]): Promise<void> {
  if (steps.length === 0) return;
  await sql`
    update millrace.wait set overdue_since = due_at
    from json_to_recordset(${rows(steps)}) as late (run uuid, step text)
    where wait.run_id = late.run and wait.step = late.step and wait.state = 'open'`.execute(tx);
}

async function openTimers(tx: Tx, timers: readonly (NewTimer & Owner)[]): Promise<void> {
  if (timers.length === 0) return;
  await sql`
    insert into millrace.timer (tenant_id, run_id, step, kind, due_at)
    select tenant, run, step, kind, "dueAt" from json_to_recordset(${rows(timers)}) as new
      (tenant uuid, run uuid, step text, kind text, "dueAt" timestamptz)`.execute(tx);
}

/**
 * Opens waits with their timers. Signals that came before are matched now; the wake counter is raised for them, so
 * that the run does not park past them.
 */
async function openWaits(tx: Tx, waits: readonly (NewWait & Owner)[]): Promise<void> {
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

async function waitTaken(tx: Tx, waits: readonly (NewWait & Owner)[]): Promise<MillraceError> {
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

async function writeRecords(tx: Tx, writes: readonly (RecordWrite & Owner)[]): Promise<void> {
  if (writes.length === 0) return;
  const records = writes.map(({ changes, ...write }) => ({
    ...write,
    after: write.expected + changes.length,
    data: changes.at(-1)?.data,
  }));
  const written = await sql`
    insert into millrace.record (tenant_id, environment, type, id, data, version)
    select tenant, environment, type, id, data, after from json_to_recordset(${rows(records)}) as new
      (tenant uuid, environment text, type text, id text, data jsonb, expected int, after int)
    order by tenant, environment, type, id
    on conflict (tenant_id, environment, type, id) do update set
      data = excluded.data, version = excluded.version, updated_at = millrace.now()
      where record.version = (
        select expected from json_to_recordset(${rows(records)}) as new
          (tenant uuid, environment text, type text, id text, expected int)
        where (tenant, environment, type, new.id) = (excluded.tenant_id, excluded.environment, excluded.type, excluded.id))
    returning id`.execute(tx);
  if (written.rows.length < writes.length)
    throw new MillraceError('RECORD_CONFLICT', 'A record was changed by somebody else in the meantime.', {
      category: 'transient',
    });
  const history = writes.flatMap(({ changes, ...write }) =>
    changes.map((change, index) => ({ ...write, ...change, version: write.expected + index + 1 })),
  );
  await sql`
    insert into millrace.record_history (tenant_id, environment, type, id, version, from_state, to_state, who, why, data)
    select tenant, environment, type, id, version, "from", "to", who, why, data
    from json_to_recordset(${rows(history)}) as new
      (tenant uuid, environment text, type text, id text, version int, "from" text, "to" text, who text, why text, data jsonb)`.execute(
    tx,
  );
}

async function raiseAlerts(tx: Tx, alerts: readonly (NewAlert & Owner)[]): Promise<void> {
  if (alerts.length === 0) return;
  await sql`
    insert into millrace.alert (tenant_id, incident, code, severity, message, run_id, flow_id)
    select tenant, incident, code, severity, message, run, "flowId" from json_to_recordset(${rows(alerts)}) as new
      (tenant uuid, incident text, code text, severity text, message text, run uuid, "flowId" text)
    on conflict (tenant_id, incident) do nothing`.execute(tx);
}

/** Gives back the runs for which nothing new has come since their inbox was loaded. */
async function park(tx: Tx, bursts: readonly BurstWrites[]): Promise<Set<string>> {
  if (bursts.length === 0) return new Set();
  const values = bursts.map(({ run, wakeSeen }) => ({ run, wakeSeen }));
  const { rows: parked } = await sql<{ id: string }>`
    update millrace.run set status = 'waiting', lease_holder = null, lease_until = null
    from json_to_recordset(${rows(values)}) as new (run uuid, "wakeSeen" int)
    where run.id = new.run and run.wake = new."wakeSeen" and not run.cancel
    returning run.id`.execute(tx);
  return new Set(parked.map((row) => row.id));
}
