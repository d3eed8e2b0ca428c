import type { ConnectionRow } from '../postgres/connections/connections.ts';
import { distrustGrant } from '../postgres/oauth2/grants.ts';
import type { Change } from './edit-connections.ts';
import { specOf } from './known-connection.ts';
import { openSecrets, sealConfig } from './stored-config.ts';
import { type Tested, type TestServices, tryConnection } from './try-connection.ts';

/**
 * Tests a connection as a change would leave it; nothing of the change is stored. Where it logs in by OAuth 2, it does so anew,
 * as tokens that there are say nothing of the secret by which they were got.
 * @throws {MillraceError} `CONNECTION_TYPE_UNKNOWN`, and what the change throws
 */
export async function tryChange(services: TestServices, row: ConnectionRow, change: Change): Promise<Tested> {
  const database = services.database.byItself();
  const spec = specOf(services, row.type);
  const { config } = change(row, openSecrets(row.sealed, row, services.masterKeys), spec);
  if (spec.oauth2?.(config)) await database.asTenants([row.tenant], (tx) => distrustGrant(tx, row.id, 0));
  const changed = { ...row, ...sealConfig(config, spec, row, services.masterKeys), lostKey: null };
  return tryConnection({ ...services, database }, changed);
}
