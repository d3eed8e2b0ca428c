import { MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { type ConnectionRow, loadConnection } from '../postgres/connections/connections.ts';
import { type OpenConnection, openRow } from './open-row.ts';
import { prove } from './prove.ts';

export type { OpenConnection } from './open-row.ts';

export type OpeningServices = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network' | 'health' | 'log'>;

/**
 * A connection ready for use by a flow: its config with the secrets in it. The one place where it is asked whether flows may
 * use it: one whose test was not good yet with what it holds is tested now, so that what was away when it was set up needs
 * nobody's help. Where it cannot be opened, its health says so.
 * @throws {MillraceError} `CONNECTION_MISSING`, `CONNECTION_INACTIVE`, and those of `openRow`
 */
export async function openConnection(services: OpeningServices, tenant: string, id: string): Promise<OpenConnection> {
  const row = await load(services, tenant, id);
  try {
    return await openRow(services, row.provedAt === null ? await proved(services, row) : row);
  } catch (error) {
    // What goes wrong before the secrets are open cannot hold them; tests hide them, and what asks for tokens repeats nothing.
    if (error instanceof MillraceError) services.health.failed({ tenant, id, hide: (value) => value }, error);
    throw error;
  }
}

async function load({ database }: OpeningServices, tenant: string, id: string): Promise<ConnectionRow> {
  const row = await database.asTenants([tenant], (tx) => loadConnection(tx, id));
  if (row) return row;
  throw new MillraceError('CONNECTION_MISSING', 'The connection that this step uses does not exist any more.', {
    category: 'auth',
  });
}

/** Tests under way, by connection and what it holds: within this process one tests, and the others hear how that went. */
const underWay = new Map<string, Promise<ConnectionRow>>();

function proved(services: OpeningServices, row: ConnectionRow): Promise<ConnectionRow> {
  const key = `${row.id} ${row.revision}`;
  const present = underWay.get(key);
  if (present) return present;
  const tested = testedNow(services, row).finally(() => underWay.delete(key));
  underWay.set(key, tested);
  return tested;
}

/** What was read may be old by now: whoever comes when a test has just ended needs no other one. */
async function testedNow(services: OpeningServices, { tenant, id }: ConnectionRow): Promise<ConnectionRow> {
  const row = await load(services, tenant, id);
  if (row.provedAt !== null) return row;
  const { ok, message, code, category = 'transient' } = await prove(services, row);
  if (ok) return row;
  // What was wrong before the other side was asked is called as it always is.
  if (code !== undefined) throw new MillraceError(code, message, { category });
  throw new MillraceError(
    'CONNECTION_INACTIVE',
    `The connection “${row.name}” is not in use before its test is good, and that says: ${message}`,
    { category },
  );
}
