import type { ProbeResult } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { noteOutcome } from '../postgres/connections/health.ts';
import type { Database } from '../postgres/database.ts';
import { distrustGrant } from '../postgres/oauth2/grants.ts';
import { knownConnection } from './known-connection.ts';
import { prove } from './prove.ts';
import type { Tested, TestServices } from './try-connection.ts';

/**
 * The call behind “Test connection”; how it went goes into the connection's history, and where it was good, flows use the
 * connection from then on.
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_TYPE_UNKNOWN`
 */
export async function testConnection(services: TestServices, tenant: string, id: string): Promise<ProbeResult> {
  const ours = inOwnName(services);
  const row = await knownConnection(ours, tenant, id);
  const tested = await prove(ours, row);
  await noteTest(ours.database, row, tested);
  return { ok: tested.ok, message: tested.message };
}

/** Tests a connection that flows do not use, as it was changed. */
export async function testInactive(services: TestServices, tenant: string, id: string): Promise<void> {
  const { provedAt } = await knownConnection(services, tenant, id);
  if (provedAt === null) await testConnection(services, tenant, id);
}

/**
 * Logs in anew, whatever is left of the present login, and tests the connection so. One that a person has authorised needs
 * that person again only where the other side renews nothing any more.
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_TYPE_UNKNOWN`
 */
export async function authenticateAnew(services: TestServices, tenant: string, id: string): Promise<ProbeResult> {
  const { database } = inOwnName(services);
  await database.asTenants([tenant], (tx) => distrustGrant(tx, id, 0));
  return testConnection(services, tenant, id);
}

/** Writes how a test went into the history and health of the connection. */
export async function noteTest(
  database: Database,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  { ok, message, category, code }: Tested,
): Promise<void> {
  const outcome = { connection: id, kind: 'test', ok, message, category, code, times: 1 } as const;
  await database.asTenants([tenant], (tx) => noteOutcome(tx, outcome));
}

/** How a test went is nobody's change, and tokens that it needs renewed are not either. */
function inOwnName<S extends Pick<Foundation, 'database'>>(services: S): S {
  return { ...services, database: services.database.byItself() };
}
