import Type from 'typebox';
import { actionNames } from '../auth/actions.ts';
import { beyondPlan, plans } from '../auth/plans.ts';
import { allows } from '../auth/rights.ts';
import { findTenant } from '../postgres/tenants/tenants.ts';
import { notFound } from './errors.ts';
import { ok, route } from './route.ts';
import { isAddressedLocally, isFromThisMachine, requireOwnPage } from './same-origin.ts';
import { Code, Email, orNull, Password, Slug } from './schemas.ts';

const demoTenant = 'demo';

const closed = { additionalProperties: false };
const signedIn = { 204: { description: 'Signed in; the session is a cookie' } };

export const sessionRoutes = [
  route({
    method: 'get',
    path: '/session',
    action: 'session.read',
    tag: 'Session',
    summary: 'Who am I',
    answers: {
      200: {
        description: 'Tenant and user of the key or session',
        schema: Type.Object({
          tenant: Type.Object({
            slug: Type.String(),
            name: Type.String(),
            timeZone: Type.String(),
            plan: Type.Enum([...plans]),
            beyondPlan: Type.Record(Type.String(), Type.Enum([...plans]), {
              description: 'Action → the smallest plan that has it, of those that the plan of the tenant lacks',
            }),
          }),
          user: orNull(Type.Object({ name: Type.String(), secondFactor: Type.Boolean() })),
          demo: Type.Boolean(),
          roles: Type.Array(Type.String()),
          actions: Type.Array(Type.String(), { description: 'What the key or session may do' }),
        }),
      },
    },
    handle({ identity: { tenant, user, rights } }, { demo }) {
      const { slug, name, timeZone, plan } = tenant;
      const beyond = beyondPlan(plan);
      return ok({
        tenant: { slug, name, timeZone, plan, beyondPlan: beyond },
        user,
        demo: demo && slug === demoTenant,
        roles: rights.roles,
        actions: actionNames.filter((action) => allows(rights, action) && !beyond[action]),
      });
    },
  }),
  route({
    method: 'post',
    path: '/session/demo',
    action: 'anybody',
    tag: 'Session',
    summary: 'Sign in to the demo',
    description: 'Only where the instance runs the demo, and only from the machine that it runs on.',
    answers: signedIn,
    async handle({ raw }, { demo, database, auth }) {
      if (!demo || !isFromThisMachine(raw) || !isAddressedLocally(raw)) throw notFound('This address');
      requireOwnPage(raw);
      const tenant = await database.asScanner((tx) => findTenant(tx, demoTenant));
      if (!tenant) throw notFound('The demo');
      return { status: 204, headers: { 'set-cookie': await auth.demoSession(tenant) } };
    },
  }),
  route({
    method: 'post',
    path: '/session',
    action: 'anybody',
    tag: 'Session',
    summary: 'Sign in with a password',
    description:
      'Who belongs to several tenants says which one the session is for. Who has a second factor hears `CODE_NEEDED`, and asks again with a code.',
    body: Type.Object(
      { email: Email, password: Password, code: Type.Optional(Code), tenant: Type.Optional(Slug) },
      closed,
    ),
    answers: signedIn,
    async handle({ body, raw, author }, { auth }) {
      requireOwnPage(raw);
      return { status: 204, headers: { 'set-cookie': await auth.signIn(body, author.address) } };
    },
  }),
  route({
    method: 'post',
    path: '/session/end',
    action: 'anybody',
    tag: 'Session',
    summary: 'Sign out',
    answers: { 204: { description: 'The session is over' } },
    async handle({ raw }, { auth }) {
      requireOwnPage(raw);
      return { status: 204, headers: { 'set-cookie': await auth.signOut(raw.headers.cookie) } };
    },
  }),
  route({
    method: 'post',
    path: '/invitations/accept',
    action: 'anybody',
    tag: 'Session',
    summary: 'Accept an invitation',
    description: 'Makes an account, or takes the one of that address if the password is its own, and signs in.',
    body: Type.Object(
      {
        token: Type.String({ minLength: 1, maxLength: 200 }),
        name: Type.String({ minLength: 1, maxLength: 200 }),
        password: Password,
        email: Type.Optional(Email),
        code: Type.Optional(Code),
      },
      closed,
    ),
    answers: { 204: { description: 'Accepted; signed in, unless the tenant is entered by single sign-on alone' } },
    async handle({ body, raw, author }, { auth }) {
      requireOwnPage(raw);
      const cookie = await auth.accept(body, author.address);
      return { status: 204, ...(cookie !== undefined && { headers: { 'set-cookie': cookie } }) };
    },
  }),
];
