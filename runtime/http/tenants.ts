import Type from 'typebox';
import { plans } from '../auth/plans.ts';
import { allTenants, findTenant, setPlan } from '../postgres/tenants/tenants.ts';
import { notFound } from './errors.ts';
import { ok, type Route, route } from './route.ts';
import { Email, Slug } from './schemas.ts';

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Plan = Type.Enum([...plans], { description: 'What the tenant may, whatever the roles of its members' });
const Tenant = Type.Object({ slug: Type.String(), name: Type.String(), timeZone: Type.String(), plan: Plan });

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
      return ok({ tenants: tenants.map(({ id: _, ...tenant }) => tenant) });
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
  route({
    method: 'put',
    path: '/tenants/:slug/plan',
    action: 'tenants.limit',
    tag: 'Tenants',
    summary: 'Give a tenant another plan',
    description: 'Which plan has what is in docs/roles.md. What was made under a larger plan stays, and works on.',
    params: Type.Object({ slug: Slug }),
    body: Type.Object({ plan: Plan }, { additionalProperties: false }),
    answers: { 200: { description: 'The tenant', schema: Tenant } },
    async handle({ params, body: { plan } }, { auth, database }) {
      const found = await database.reading().asScanner((tx) => findTenant(tx, params.slug));
      if (!found) throw notFound('This tenant');
      await database.asTenants([found.id], (tx) => setPlan(tx, found, plan));
      auth.forget();
      const { id: _, ...tenant } = found;
      return ok({ ...tenant, plan });
    },
  }),
];
