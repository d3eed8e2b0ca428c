import { MillraceError, type ProbeResult } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import type { ConnectionRow } from '../postgres/connections/connections.ts';
import { hidden } from '../secrets/hide-known.ts';
import { specOf } from './known-connection.ts';
import { openRow } from './open-row.ts';

export type TestServices = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network' | 'log'>;

/** How a test went; where it went wrong on our side, with the error's code. */
export interface Tested extends ProbeResult {
  readonly code?: string;
}

/** For so long the other side may take. */
const patienceMs = 20_000;

/**
 * Asks the other side, with what is given. What the test says is without the secrets.
 * @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN`
 */
export async function tryConnection(services: TestServices, row: ConnectionRow): Promise<Tested> {
  const signal = AbortSignal.timeout(patienceMs);
  const spec = specOf(services, row.type);
  try {
    const { config, hide } = await openRow(services, row);
    return await hidden(hide, () => spec.probe(config, signal, services.network));
  } catch (error) {
    return failed(error, services);
  }
}

/** What a probe does not explain itself. */
function failed(error: unknown, { log }: Pick<TestServices, 'log'>): Tested {
  if (error instanceof MillraceError)
    return { ok: false, message: error.message, code: error.code, category: error.category };
  log.error({ err: error }, 'a connection could not be tested');
  const message =
    'The test broke off for a reason that the connection does not explain; the log of the instance has it.';
  return { ok: false, message, code: 'TEST_BROKE_OFF' };
}
