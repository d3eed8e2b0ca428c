import type { IncomingMessage } from 'node:http';
import { MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { authorizeConnection, finishAuthorization } from '../connections/authorize-connection.ts';
import { type Api, ok, type Route, route } from './route.ts';
import { Uuid } from './schemas.ts';

const callback = '/oauth2/callback';
const cookie = 'millrace_oauth2';
/** As long as somebody may be on the way. */
const cookieSeconds = 900;
const probeMs = 20_000;

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
      return { ...ok({ url }), headers: { 'set-cookie': cookieOf(browser, origin) } };
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
      const id = await finishAuthorization(api, author, { ...query, browser }, AbortSignal.timeout(probeMs));
      return { status: 303, headers: { location: `/?authorised=${id}` } };
    },
  }),
];

function originOf({ headers }: IncomingMessage, { publicUrl }: Api): string {
  return publicUrl ?? `http://${headers.host}`;
}

/** Sent along when the other side sends the browser back, which is a visit from elsewhere: so not `SameSite=Strict`. */
function cookieOf(browser: string, origin: string): string {
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  return `${cookie}=${browser}; Path=/api/v1/oauth2; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** @throws {MillraceError} `OAUTH2_STATE_UNKNOWN` */
function browserOf({ headers }: IncomingMessage): string {
  const shown = new RegExp(`(?:^|;\\s*)${cookie}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1];
  if (shown !== undefined) return shown;
  const message = 'This browser has not begun to authorise a connection; do it all in one, and let it keep cookies.';
  throw new MillraceError('OAUTH2_STATE_UNKNOWN', message);
}
