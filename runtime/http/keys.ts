import Type from 'typebox';
import { actionNames, memberRoles } from '../auth/actions.ts';
import { type KeyScope, requireGrantable } from '../auth/rights.ts';
import { badRequest } from './errors.ts';
import { ok, type Route, route } from './route.ts';
import { orNull, Time } from './schemas.ts';

const Role = Type.Enum([...memberRoles]);
const Actions = Type.Array(Type.Enum([...actionNames]), { minItems: 1, uniqueItems: true });
const Key = Type.Object({
  id: Type.String(),
  name: Type.String(),
  start: orNull(Type.String({ description: 'Its first characters' })),
  role: orNull(Role),
  actions: Type.Array(Type.String(), { description: 'Where it has no role' }),
  createdAt: Time,
  expiresAt: orNull(Time),
  lastUsedAt: orNull(Time),
});

/** API keys of a tenant. */
export const keyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/keys',
    action: 'keys.read',
    tag: 'Keys',
    summary: 'API keys of the tenant',
    answers: { 200: { description: 'Newest first', schema: Type.Object({ keys: Type.Array(Key) }) } },
    async handle({ identity: { tenant } }, { auth }) {
      const keys = await auth.keys.list(tenant);
      return ok({
        keys: keys.map(({ rights, ...key }) => ({ ...key, role: rights.roles[0] ?? null, actions: rights.actions })),
      });
    },
  }),
  route({
    method: 'post',
    path: '/keys',
    action: 'keys.edit',
    tag: 'Keys',
    summary: 'Make an API key',
    description: 'It has a role, or may do the named actions alone; in neither case more than whoever makes it.',
    body: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 100 }),
        role: Type.Optional(Role),
        actions: Type.Optional(Actions),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, description: 'After these it opens nothing' })),
      },
      { additionalProperties: false },
    ),
    answers: { 201: { description: 'Made; it is shown this once', schema: Type.Object({ key: Type.String() }) } },
    async handle({ body: { name, role, actions, days }, identity: { tenant, rights }, author }, { auth }) {
      const scope = scopeOf(role, actions);
      requireGrantable(rights, scope);
      return { status: 201, body: { key: await auth.keys.create(tenant, { name, scope, days }, author) } };
    },
  }),
  route({
    method: 'post',
    path: '/keys/:id/revoke',
    action: 'keys.edit',
    tag: 'Keys',
    summary: 'Revoke an API key',
    params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) }),
    answers: { 204: { description: 'It opens nothing any more' } },
    async handle({ params: { id }, identity: { tenant }, author }, { auth }) {
      await auth.keys.revoke(tenant, id, author);
      return { status: 204 };
    },
  }),
];

type Role = Extract<KeyScope, { role: unknown }>['role'];
type Actions = Extract<KeyScope, { actions: unknown }>['actions'];

function scopeOf(role: Role | undefined, actions: Actions | undefined): KeyScope {
  if (role !== undefined && !actions) return { role };
  if (actions && role === undefined) return { actions };
  throw badRequest('Send either “role” or “actions”.');
}
