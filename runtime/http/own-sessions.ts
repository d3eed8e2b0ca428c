import Type from 'typebox';
import { personOf } from './account.ts';
import { ok, type Route, route } from './route.ts';
import { orNull, Slug, Time } from './schemas.ts';

const tag = 'Session';
const own = 'For who is signed in with a session; an API key has no account.';

/** Where else a person is signed in, and what else there is to enter. */
export const ownSessionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/session/sessions',
    action: 'session.read',
    tag,
    summary: 'Where the person is signed in',
    description: own,
    answers: {
      200: {
        description: 'Newest first',
        schema: Type.Object({
          sessions: Type.Array(
            Type.Object({
              startedAt: Time,
              endsAt: Time,
              current: Type.Boolean({ description: 'The one that asks' }),
              tenant: orNull(Type.String({ description: 'Its name' })),
            }),
          ),
        }),
      },
    },
    handle: async (call, { auth }) => ok({ sessions: await auth.ownSessions.list(personOf(call)) }),
  }),
  route({
    method: 'post',
    path: '/session/end-others',
    action: 'session.edit',
    tag,
    summary: 'Sign out everywhere else',
    description: own,
    answers: { 204: { description: 'All other sessions of the person are over' } },
    async handle(call, { auth }) {
      await auth.ownSessions.endOthers(personOf(call));
      return { status: 204 };
    },
  }),
  route({
    method: 'get',
    path: '/session/tenants',
    action: 'session.read',
    tag,
    summary: 'Tenants that the person belongs to',
    description: own,
    answers: {
      200: {
        description: 'By name',
        schema: Type.Object({ tenants: Type.Array(Type.Object({ slug: Type.String(), name: Type.String() })) }),
      },
    },
    async handle(call, { auth }) {
      const tenants = await auth.ownSessions.tenants(personOf(call));
      return ok({ tenants: tenants.map(({ slug, name }) => ({ slug, name })) });
    },
  }),
  route({
    method: 'post',
    path: '/session/tenant',
    action: 'session.edit',
    tag,
    summary: 'Go over to another tenant',
    description: `${own} The session ends, and one for the other tenant begins. Not for who came by single sign-on.`,
    body: Type.Object({ tenant: Slug }, { additionalProperties: false }),
    answers: { 204: { description: 'Signed in there; the session is a cookie' } },
    async handle(call, { auth }) {
      return { status: 204, headers: { 'set-cookie': await auth.ownSessions.enter(personOf(call), call.body.tenant) } };
    },
  }),
];
