import type { DrawnNumber, NumberSeries } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

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
 * transaction ends, and number and key are written together: no number is left out, none is given twice.
 */
export async function drawNumber(tx: Tx, draw: NumberDraw): Promise<DrawnNumber> {
  const { tenant, environment, series, key } = draw;
  const { name, period, first } = series;
  await sql`
    insert into millrace.number_series (tenant_id, environment, name, period, last)
    values (${tenant}, ${environment}, ${name}, ${period}, ${first - 1}) on conflict do nothing`.execute(tx);
  // The lock comes before the look: whoever draws for the same key at the same moment has been waited for.
  await sql`
    select from millrace.number_series
    where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and period = ${period}
    for update`.execute(tx);
  const { rows: earlier } = await sql<DrawnNumber>`
    select number, at from millrace.number_drawn
    where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and key = ${key}`.execute(tx);
  return earlier[0] ?? drawAnew(tx, draw);
}

async function drawAnew(tx: Tx, { tenant, environment, series, key, at, who }: NumberDraw): Promise<DrawnNumber> {
  const { rows } = await sql<DrawnNumber>`
    with next as (
      update millrace.number_series set last = last + 1
      where tenant_id = ${tenant} and environment = ${environment} and name = ${series.name} and period = ${series.period}
      returning last
    )
    insert into millrace.number_drawn (tenant_id, environment, name, period, number, key, who, at)
    select ${tenant}, ${environment}, ${series.name}, ${series.period}, last, ${key}, ${who}, ${at} from next
    returning number, at`.execute(tx);
  return rows[0] as DrawnNumber;
}
