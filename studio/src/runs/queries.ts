import { call } from '../api/client.ts';
import type { Environment, RunStatus, RunSummary } from '../api/types.ts';
import type { Order, RowPage } from '../endless/rows.ts';
import { periodsMs, type Within } from './filter.ts';

/** What of the runs is wanted, as it stands in the address. */
export interface RunFilter {
  readonly flow?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly within?: Within | undefined;
  readonly code?: string | undefined;
  readonly key?: string | undefined;
  readonly order?: Order | undefined;
}

const atOnce = 100;

export async function runPage(
  { within, ...filter }: RunFilter,
  environment: Environment,
  before: string | undefined,
): Promise<RowPage<RunSummary>> {
  const from = within && new Date(Date.now() - periodsMs[within]).toISOString();
  const query = { ...filter, environment, from, before, limit: atOnce };
  const { runs, next } = await call('get /runs', { query });
  return { rows: runs, next };
}
