import { call } from '../api/client.ts';
import type { Environment, OpenWait, UnmatchedSignal } from '../api/types.ts';
import type { RowPage } from '../endless/rows.ts';

const atOnce = 100;

interface WaitsWanted {
  readonly environment: Environment;
  readonly state?: 'overdue' | 'rejected' | undefined;
  readonly key?: string | undefined;
}

export async function waitPage(wanted: WaitsWanted, before?: string, limit = atOnce): Promise<RowPage<OpenWait>> {
  const { waits, next } = await call('get /waits', { query: { ...wanted, before, limit } });
  return { rows: waits, next };
}

/** Signals that nobody has taken. */
export async function signalPage(
  wanted: { readonly environment: Environment; readonly key?: string | undefined },
  before?: string,
): Promise<RowPage<UnmatchedSignal>> {
  const query = { ...wanted, state: 'unmatched' as const, before, limit: atOnce };
  const { signals, next } = await call('get /signals', { query });
  return { rows: signals, next };
}
