import { MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { browserCookie, originOf } from './browser-cookie.ts';
import { type Route, route } from './route.ts';
import { requireOwnVisit } from './same-origin.ts';
import { Slug } from './schemas.ts';

export const ssoCallback = '/session/sso/callback';
const cookie = browserCookie('millrace_sso', '/api/v1/session/sso', 900);
const tag = 'Session';

/** How people sign in by the OpenID provider of their tenant. */
export const singleSignOnRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: ssoCallback,
    action: 'anybody',
    tag,
    summary: 'A person comes back from the tenant’s OpenID provider',
    query: Type.Object({ state: Type.String() }),
    answers: { 303: { description: 'Signed in; on to the studio' } },
    async handle({ query: { state }, raw, author }, { auth }) {
      const browser = cookie.shown(raw);
      if (browser === undefined) throw notBegun();
      const { search } = new URL(raw.url ?? '', 'http://localhost');
      const session = await auth.singleSignOn.finish({ state, browser, search }, author.address);
      return { status: 303, headers: { location: '/', 'set-cookie': session } };
    },
  }),
  route({
    method: 'get',
    path: '/session/sso/:tenant',
    action: 'anybody',
    tag,
    summary: 'Sign in by the tenant’s OpenID provider',
    description: `Sends the browser there; the provider is to know \`/api/v1${ssoCallback}\` of this instance as an address to come back to.`,
    params: Type.Object({ tenant: Slug }),
    answers: { 303: { description: 'On to the provider' } },
    async handle({ params: { tenant }, raw, author }, api) {
      requireOwnVisit(raw);
      const origin = originOf(raw, api);
      const begun = await api.auth.singleSignOn.begin(tenant, `${origin}/api/v1${ssoCallback}`, author.address);
      return { status: 303, headers: { location: begun.url, 'set-cookie': cookie.set(begun.browser, origin) } };
    },
  }),
];

function notBegun(): MillraceError {
  const message = 'This browser has not begun to sign in so; do it all in one, and let it keep cookies.';
  return new MillraceError('SINGLE_SIGN_ON_STATE_UNKNOWN', message);
}
