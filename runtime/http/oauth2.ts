import type { IncomingMessage } from 'node:http';
import { MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { authorizeConnection, finishAuthorization } from '../connections/authorize-connection.ts';
import { browserCookie, originOf } from './browser-cookie.ts';
import { ok, type Route, route } from './route.ts';
import { Uuid } from './schemas.ts';

const callback = '/oauth2/callback';
const cookie = browserCookie('millrace_oauth2', '/api/v1/oauth2', 900);

/** How a person authorises a connection at the other side, by OAuth 2. */
export const authorizationRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/connections/:id/authorize',
    action: 'connections.authorize',
    tag: 'Connections',
    summary: 'Send a person to the other system, to authorise the connection',
    description: `Answers where the browser is to go; it must keep the cookie that comes along. The other system is to know \`/api/v1${callback}\` of this instance as an address to come back to.`,
    params: Type.Object({ id: Uuid }),
    answers: { 200: { description: 'Begun', schema: Type.Object({ url: Type.String({ format: 'uri' }) }) } },
    async handle({ params: { id }, identity, raw }, api) {
      const origin = originOf(raw, api);
      const { url, browser } = await authorizeConnection(api, identity.tenant.id, id, `${origin}/api/v1${callback}`);
      return { ...ok({ url }), headers: { 'set-cookie': cookie.set(browser, origin) } };
    },
  }),
  route({
    method: 'get',
    path: callback,
    tag: 'Connections',
    summary: 'A person comes back from the other system',
    action: 'anybody',
    query: Type.Object({
      state: Type.String(),
      code: Type.Optional(Type.String()),
      error: Type.Optional(Type.String()),
    }),
    answers: { 303: { description: 'Authorised; on to the studio' } },
    async handle({ query, author, raw }, api) {
      const browser = browserOf(raw);
      const id = await finishAuthorization(api, author, { ...query, browser });
      return { status: 303, headers: { location: `/?authorised=${id}` } };
    },
  }),
];

/** @throws {MillraceError} `OAUTH2_STATE_UNKNOWN` */
function browserOf(request: IncomingMessage): string {
  const shown = cookie.shown(request);
  if (shown !== undefined) return shown;
  const message = 'This browser has not begun to authorise a connection; do it all in one, and let it keep cookies.';
  throw new MillraceError('OAUTH2_STATE_UNKNOWN', message);
}
