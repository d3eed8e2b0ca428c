import type { OAuth2Login } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import {
  type BegunAuthorization,
  beginAuthorizing,
  finishAuthorizing,
  type Returned,
  returnedAuthorization,
} from '../oauth2/authorize.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { ConnectionRow } from '../postgres/connections/connections.ts';
import { hidden } from '../secrets/hide-known.ts';
import { knownConnection, specOf } from './known-connection.ts';
import { openedSecrets } from './opened-secrets.ts';
import { ownerOf } from './stored-config.ts';
import { testConnection } from './test-connection.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'network' | 'log'>;

/**
 * Sends a person to the other side, to authorise the connection.
 * @throws {MillraceError} `NOT_FOUND`, `OAUTH2_NOT_USED`
 */
export async function authorizeConnection(
  services: Services,
  tenant: string,
  id: string,
  redirectUri: string,
): Promise<BegunAuthorization> {
  const row = await knownConnection(services, tenant, id);
  return beginAuthorizing(services, row, loginOf(services, row).login, redirectUri);
}

/**
 * Takes what the other side has granted, and tests the connection, so that its history tells. Answers its id.
 * @throws {MillraceError} `OAUTH2_STATE_UNKNOWN`, `OAUTH2_DENIED`, `OAUTH2_REFUSED`, `OAUTH2_UNREACHABLE`
 */
export async function finishAuthorization(services: Services, author: Author, returned: Returned): Promise<string> {
  const begun = await returnedAuthorization(services, returned);
  const row = await knownConnection(services, begun.tenant, begun.connection);
  const { login, hide } = loginOf(services, row);
  await hidden(hide, () => finishAuthorizing(services, author, begun, login, returned));
  await testConnection(services, row.tenant, row.id);
  return row.id;
}

function loginOf(services: Services, { tenant, id, type, config, sealed }: ConnectionRow) {
  const { secrets, hide } = openedSecrets(sealed, ownerOf({ tenant, id }), services.masterKeys);
  const login: OAuth2Login | undefined = specOf(services, type).oauth2?.({ ...config, ...secrets });
  return { login, hide };
}
