import type { DrawnNumber, NumberSeries } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { together } from '../together.ts';

export interface NumberDraw {
  readonly tenant: string;
  readonly environment: string;
  readonly series: NumberSeries;
  readonly key: string;
  /** Time of the draw, which is kept with the number. */
  readonly at: Date;
  /** Run and step, for whoever asks what a number was used for. */
  readonly who: string;
}

/**
 * Draws the next number of a series, or gives the one that the key has drawn before. The series' row is locked until the
 * transaction ends, and number and key are written together: no number is left out, none is given twice. All is asked for
 * at once, so that others wait for the lock no longer than for the commit.
 */
export async function drawNumber(tx: Tx, draw: NumberDraw): Promise<DrawnNumber> {
  const [, , { rows }] = await together([beginSeries(tx, draw), lockSeries(tx, draw), drawnFor(tx, draw)]);
  return rows[0] as DrawnNumber;
}

function beginSeries(tx: Tx, { tenant, environment, series: { name, period, first } }: NumberDraw) {
  return sql`
    insert into millrace.number_series (tenant_id, environment, name, period, last)
    select ${tenant}, ${environment}, ${name}, ${period}, ${first - 1}::bigint where not exists (
      select from millrace.number_series
      where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and period = ${period}
    ) on conflict do nothing`.execute(tx);
}

/** The lock comes before the look: whoever draws for the same key at the same moment has been waited for. */
function lockSeries(tx: Tx, { tenant, environment, series: { name, period } }: NumberDraw) {
  return sql`
    select from millrace.number_series
    where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and period = ${period}
    for update`.execute(tx);
}

function drawnFor(tx: Tx, { tenant, environment, series: { name, period }, key, at, who }: NumberDraw) {
  return sql<DrawnNumber>`
    with earlier as (
      select number, at from millrace.number_drawn
      where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and key = ${key}
    ), next as (
      update millrace.number_series set last = last + 1
      where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and period = ${period}
        and not exists (select from earlier)
      returning last
    ), drawn as (
      insert into millrace.number_drawn (tenant_id, environment, name, period, number, key, who, at)
      select ${tenant}, ${environment}, ${name}, ${period}, last, ${key}, ${who}, ${at} from next
      returning number, at
    )
    select number, at from earlier union all select number, at from drawn`.execute(tx);
}
