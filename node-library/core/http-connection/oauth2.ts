import type { OAuth2Login } from '@millrace/contract';
import { requireSafe } from './base.ts';
import type { HttpConnection } from './config.ts';

/**
 * How a system that is called by HTTP is logged in to by OAuth 2, where it is.
 * @throws {MillraceError} `CONNECTION_ADDRESS` where secrets would be sent without encryption
 */
export function oauth2Of(connection: HttpConnection): OAuth2Login | undefined {
  if (connection.auth !== 'oauth2' && connection.auth !== 'oauth2-client') return undefined;
  const { tokenUrl, clientId, clientSecret, scope, clientAuthentication = 'basic', parameters } = connection;
  requireSafe(tokenUrl, 'token address');
  const common = { tokenUrl, clientId, clientSecret, scope, clientAuthentication, parameters };
  if (connection.auth === 'oauth2-client') return { grant: 'client-credentials', ...common };
  requireSafe(connection.authorizationUrl, 'authorisation address');
  return { grant: 'authorization-code', authorizationUrl: connection.authorizationUrl, ...common };
}
