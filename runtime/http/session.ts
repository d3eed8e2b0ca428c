import Type from 'typebox';
import { findTenant } from '../postgres/tenants/tenants.ts';
import { notFound } from './errors.ts';
import { ok, route } from './route.ts';
import { crossSite, hasOwnOrigin, isAddressedLocally, isFromThisMachine } from './same-origin.ts';
import { orNull } from './schemas.ts';

const demoTenant = 'demo';

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
          tenant: Type.Object({ slug: Type.String(), name: Type.String(), timeZone: Type.String() }),
          user: orNull(Type.Object({ name: Type.String() })),
          demo: Type.Boolean(),
          environment: Type.String(),
        }),
      },
    },
    handle({ identity: { tenant, user } }, { demo }) {
      const { slug, name, timeZone } = tenant;
      return ok({
        tenant: { slug, name, timeZone },
        user,
        demo: demo && slug === demoTenant,
        environment: 'production',
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
    answers: { 204: { description: 'Signed in; the session is a cookie' } },
    async handle({ raw }, { demo, database, auth }) {
      if (!demo || !isFromThisMachine(raw) || !isAddressedLocally(raw)) throw notFound('This address');
      if (raw.headers.origin !== undefined && !hasOwnOrigin(raw.headers)) throw crossSite();
      const tenant = await database.asScanner((tx) => findTenant(tx, demoTenant));
      if (!tenant) throw notFound('The demo');
      return { status: 204, headers: { 'set-cookie': await auth.demoSession(tenant) } };
    },
  }),
];
