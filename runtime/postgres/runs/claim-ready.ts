import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Lease } from './take-runs.ts';
import type { WakeUp } from './wake-up.ts';

/** From so many lost workers on a run is suspected of having ended them. */
const suspectAfter = 2;

export function isSuspect({ takeovers }: { readonly takeovers: number }): boolean {
  return takeovers >= suspectAfter;
}

/** For how many runs there is room. */
export interface Room {
  readonly places: number;
  /** Of one tenant so many may be in hand. */
  readonly ofOne: number;
  /** The tenants that have some in hand, and how many. */
  readonly inHand: readonly { readonly tenant: string; readonly runs: number }[];
}

export interface Claimed extends WakeUp {
  readonly token: number;
  /** Its worker died, or gave it back in mid-work. */
  readonly takenOver: boolean;
}

/** So many times the runs that there is room for are looked at: others look too, and what they are claiming is passed over. */
const spare = 4;

/**
 * Claims runs that are ready and that nobody holds: tenant by tenant in turn, oldest first, so that nobody waits behind
 * another's backlog. A run's turn counts those that its tenant has in hand: however few places become free at a time, who
 * has least comes first. Runs of paused flows are passed over. Whoever looks at the same time claims others. Of suspects
 * one at a time: a run that ends its worker shall not take its neighbours with it again and again. Scanner's transaction.
 * @param mayBeSuspect this process has no suspect in hand
 */
export async function claimReady(
  tx: Tx,
  { places, ofOne, inHand }: Room,
  { holder, ms }: Lease,
  mayBeSuspect: boolean,
): Promise<readonly Claimed[]> {
  const { rows: claimed } = await sql<Claimed>`
    with recursive ${waitingTenants}, room as (
      select waiting.tenant, coalesce(runs, 0) as runs, greatest(0, ${ofOne}::int - coalesce(runs, 0)) as places
      from waiting left join json_to_recordset(${rows(inHand)}) as known (tenant uuid, runs int)
        on known.tenant = waiting.tenant
      where waiting.tenant is not null
    ), paused as (
      select tenant_id, environment, flow_id from millrace.deployment where paused_at is not null
    ), candidate as (
      select mine.id, room.tenant, room.places,
        room.runs + row_number() over (partition by room.tenant order by mine.id) as turn
      from room cross join lateral (
        select id, environment, flow_id, cancel from millrace.run
        where status = 'running' and lease_until is null and not held and tenant_id = room.tenant
        order by id limit least(room.places, ${places}::int) * ${spare}) as mine
      where cancel or (room.tenant, mine.environment, mine.flow_id) not in (select * from paused)
    ), locked as (
      select run.id, tenant, places, turn, takeovers >= ${suspectAfter} as suspect
      from millrace.run join (select * from candidate order by turn, id limit ${places * spare}) as first on first.id = run.id
      where status = 'running' and lease_until is null and not held
      order by takeovers >= ${suspectAfter}, turn, run.id limit ${places} for update of run skip locked
    ), chosen as (
      select id from (
        select id, turn, places, suspect, row_number() over (partition by tenant order by turn) as nth,
          row_number() over (partition by suspect order by turn, id) as of_kind from locked) as ranked
      where nth <= places and (not suspect or (of_kind = 1 and ${mayBeSuspect}::boolean)) order by turn, id limit ${places}
    )
    update millrace.run set
      token = token + 1, lease_holder = ${holder}, lease_until = millrace.now() + ${ms} * interval '1 ms'
    from chosen where run.id = chosen.id
    returning run.id as run, run.tenant_id as tenant, run.token, old.lease_holder is not null as "takenOver"`.execute(
    tx,
  );
  return claimed;
}

/** Tenants that have runs which are ready and not taken. Scanner's transaction. */
export async function tenantsWaiting(tx: Tx): Promise<readonly string[]> {
  const { rows: found } = await sql<{ tenant: string }>`
    with recursive ${waitingTenants} select tenant from waiting where tenant is not null`.execute(tx);
  return found.map(({ tenant }) => tenant);
}

/** The tenants are found by jumps over the index, one a tenant, however many runs are ready. */
const waitingTenants = sql`
  waiting (tenant) as (
    (select tenant_id from millrace.run
     where status = 'running' and lease_until is null and not held order by tenant_id limit 1)
    union all
    select (select tenant_id from millrace.run
            where status = 'running' and lease_until is null and not held and tenant_id > waiting.tenant
            order by tenant_id limit 1)
    from waiting where tenant is not null
  )`;
