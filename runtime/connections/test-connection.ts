import { MillraceError, type ProbeResult } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import type { ConnectionRow } from '../postgres/connections/connections.ts';
import { noteOutcome } from '../postgres/connections/health.ts';
import { hidden } from '../secrets/hide-known.ts';
import { knownConnection, specOf } from './known-connection.ts';
import { openRow } from './open-connection.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network' | 'log'>;

/** How a test went; where it went wrong on our side, with the error's code. */
interface Tested extends ProbeResult {
  readonly code?: string;
  readonly category?: string;
}

/**
 * The call behind “Test connection”; how it went goes into the connection's history.
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_TYPE_UNKNOWN`
 */
export async function testConnection(
  services: Services,
  tenant: string,
  id: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const row = await knownConnection(services, tenant, id);
  const { ok, message, ...why } = await tryConnection(services, row, signal);
  const outcome = { connection: id, kind: 'test', ok, message, times: 1, ...why } as const;
  await services.database.asTenants([tenant], (tx) => noteOutcome(tx, outcome));
  return { ok, message };
}

async function tryConnection(services: Services, row: ConnectionRow, signal: AbortSignal): Promise<Tested> {
  const spec = specOf(services, row.type);
  try {
    const { config, hide } = await openRow(services, row);
    return await hidden(hide, () => spec.probe(config, signal, services.network));
  } catch (error) {
    return failed(error, services);
  }
}

/** What a probe does not explain itself. */
function failed(error: unknown, { log }: Pick<Services, 'log'>): Tested {
  if (error instanceof MillraceError)
    return { ok: false, message: error.message, code: error.code, category: error.category };
  log.error({ err: error }, 'a connection could not be tested');
  const message =
    'The test broke off for a reason that the connection does not explain; the log of the instance has it.';
  return { ok: false, message, code: 'TEST_BROKE_OFF' };
}
