import Type from 'typebox';
import { memberRoles } from '../auth/actions.ts';
import { requireGrantable } from '../auth/rights.ts';
import { dropSingleSignOn, needSecondFactor, setSingleSignOn, showSignIn } from '../single-sign-on/settings.ts';
import { originOf } from './browser-cookie.ts';
import { ok, type Route, route } from './route.ts';
import { orNull } from './schemas.ts';
import { ssoCallback } from './single-sign-on.ts';

const closed = { additionalProperties: false };
const tag = 'Members';

const shown = {
  issuer: Type.String({ minLength: 1, maxLength: 500, description: 'Of the OpenID provider, as it writes it' }),
  clientId: Type.String({ minLength: 1, maxLength: 500 }),
  domains: Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$', maxLength: 253 }), {
    minItems: 1,
    maxItems: 100,
    description: 'Domains of the e-mail addresses that are let in',
  }),
  newcomers: orNull(
    Type.Enum([...memberRoles], { description: 'Role of who comes for the first time; null lets in only the invited' }),
  ),
  passwords: Type.Boolean({ description: 'Whether a password opens the tenant too' }),
};
const SingleSignOn = Type.Object(shown);
export const GivenSingleSignOn = Type.Object(
  { ...shown, clientSecret: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })) },
  closed,
);

/** How members of a tenant sign in. */
export const signInRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/sign-in',
    action: 'sign-in.read',
    tag,
    summary: 'How members sign in',
    answers: {
      200: {
        description: 'Without the secret of the client',
        schema: Type.Object({
          secondFactorNeeded: Type.Boolean(),
          singleSignOn: orNull(SingleSignOn),
          callback: Type.String({ description: 'Address that the provider must know to send people back to' }),
        }),
      },
    },
    async handle({ identity: { tenant }, raw }, api) {
      const settings = await showSignIn(api, tenant.id);
      return ok({ ...settings, callback: `${originOf(raw, api)}/api/v1${ssoCallback}` });
    },
  }),
  route({
    method: 'put',
    path: '/sign-in/second-factor',
    action: 'sign-in.edit',
    tag,
    summary: 'Say whether members need a second factor',
    description: 'Whoever has none, and signs in with a password, can do nothing but set one up.',
    body: Type.Object({ needed: Type.Boolean() }, closed),
    answers: { 204: { description: 'Set' } },
    async handle({ body: { needed }, identity: { tenant } }, api) {
      await needSecondFactor(api, tenant.id, needed);
      api.auth.forget();
      return { status: 204 };
    },
  }),
  route({
    method: 'put',
    path: '/sign-in/sso',
    action: 'sign-in.edit',
    tag,
    summary: 'Set up single sign-on by an OpenID provider',
    description:
      'The secret may be left out where it stays with the same provider and client. Passwords can be given up only after an admin has signed in so.',
    body: GivenSingleSignOn,
    answers: { 200: { description: 'Set; the secret is stored encrypted, and shown to nobody', schema: SingleSignOn } },
    async handle({ body, identity: { tenant, rights } }, api) {
      // Whoever says who is believed can become every member there is.
      requireGrantable(rights, { role: 'admin' });
      const hasLetAdminIn = (issuer: string) => api.auth.singleSignOn.hasLetAdminIn(tenant.id, issuer);
      const set = await setSingleSignOn(api, tenant.id, body, hasLetAdminIn);
      api.auth.forget();
      return ok(set);
    },
  }),
  route({
    method: 'post',
    path: '/sign-in/sso/remove',
    action: 'sign-in.edit',
    tag,
    summary: 'Let nobody in by single sign-on any more',
    description: 'Passwords open the tenant again.',
    answers: { 204: { description: 'Removed; sessions that it has let in open nothing any more' } },
    async handle({ identity: { tenant } }, api) {
      await dropSingleSignOn(api, tenant.id);
      api.auth.forget();
      return { status: 204 };
    },
  }),
];
