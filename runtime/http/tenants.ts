import Type from 'typebox';
import { allTenants } from '../postgres/tenants/tenants.ts';
import { ok, type Route, route } from './route.ts';
import { Email, Slug } from './schemas.ts';

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Tenant = Type.Object({ slug: Type.String(), name: Type.String(), timeZone: Type.String() });

/** Tenants, for who owns the instance. */
export const tenantRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/tenants',
    action: 'tenants.read',
    tag: 'Tenants',
    summary: 'Tenants of the instance',
    answers: { 200: { description: 'By short name', schema: Type.Object({ tenants: Type.Array(Tenant) }) } },
    async handle(_call, { database }) {
      const tenants = await database.asScanner(allTenants);
      return ok({ tenants: tenants.map(({ slug, name, timeZone }) => ({ slug, name, timeZone })) });
    },
  }),
  route({
    method: 'post',
    path: '/tenants',
    action: 'tenants.create',
    tag: 'Tenants',
    summary: 'Make a tenant, and invite its first admin',
    body: Type.Object({ slug: Slug, name: Name, admin: Email }, { additionalProperties: false }),
    answers: {
      201: {
        description: 'Made; the token of the invitation is shown this once',
        schema: Type.Object({ slug: Type.String(), token: Type.String() }),
      },
    },
    async handle({ body: { admin, ...given }, author }, { auth }) {
      const tenant = await auth.createTenant(given, author);
      const token = await auth.invitations.invite(tenant, { email: admin, role: 'admin' }, author);
      return { status: 201, body: { slug: tenant.slug, token } };
    },
  }),
];
