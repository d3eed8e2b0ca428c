import Type from 'typebox';
import { actionNames, memberRoles, specOfAction } from '../auth/actions.ts';
import { requireGrantable } from '../auth/rights.ts';
import { ok, type Route, route } from './route.ts';
import { Email, Time } from './schemas.ts';

const closed = { additionalProperties: false };
const Role = Type.Enum([...memberRoles]);
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
const Member = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Role,
  since: Time,
});

/** People of a tenant. */
export const memberRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/members',
    action: 'members.read',
    tag: 'Members',
    summary: 'Who belongs to the tenant',
    answers: { 200: { description: 'By e-mail address', schema: Type.Object({ members: Type.Array(Member) }) } },
    handle: async ({ identity: { tenant } }, { auth }) => ok({ members: await auth.members.list(tenant) }),
  }),
  route({
    method: 'get',
    path: '/roles',
    action: 'members.read',
    tag: 'Members',
    summary: 'Which role may do what',
    answers: {
      200: {
        description: 'Roles from the least to the most; what is in the list of none of them nobody may',
        schema: Type.Object({
          roles: Type.Array(Role),
          actions: Type.Array(Type.Object({ name: Type.String(), summary: Type.String(), roles: Type.Array(Role) })),
        }),
      },
    },
    handle: () => ok({ roles: memberRoles, actions: membersActions() }),
  }),
  route({
    method: 'post',
    path: '/members/invite',
    action: 'members.edit',
    tag: 'Members',
    summary: 'Invite somebody',
    description: 'Hand the token on to whoever has the address; it is good for one use, within a week.',
    body: Type.Object({ email: Email, role: Role }, closed),
    answers: {
      201: {
        description: 'Invited; the token is shown this once',
        schema: Type.Object({ token: Type.String() }),
      },
    },
    async handle({ body, identity: { tenant, rights }, author }, { auth }) {
      requireGrantable(rights, body);
      return { status: 201, body: { token: await auth.invitations.invite(tenant, body, author) } };
    },
  }),
  route({
    method: 'post',
    path: '/members/:id/role',
    action: 'members.edit',
    tag: 'Members',
    summary: 'Give a member another role',
    params,
    body: Type.Object({ role: Role }, closed),
    answers: { 200: { description: 'Changed', schema: Member } },
    async handle({ params: { id }, body, identity: { tenant, rights }, author }, { auth }) {
      requireGrantable(rights, body);
      return ok(await auth.members.changeRole(tenant, id, body.role, author));
    },
  }),
  route({
    method: 'post',
    path: '/members/:id/reset-password',
    action: 'members.edit',
    tag: 'Members',
    summary: 'Let a member set a new password',
    description:
      'For members whose account belongs to this tenant alone. Hand the token on; it is good for one use, within a day, and takes the second factor off too.',
    params,
    answers: {
      201: { description: 'The token is shown this once', schema: Type.Object({ token: Type.String() }) },
    },
    async handle({ params: { id }, identity: { tenant, rights }, author }, { auth }) {
      requireGrantable(rights, await auth.members.get(tenant, id));
      return { status: 201, body: { token: await auth.resets.forMember(tenant, id, author) } };
    },
  }),
  route({
    method: 'post',
    path: '/members/:id/remove',
    action: 'members.edit',
    tag: 'Members',
    summary: 'Let somebody belong to the tenant no more',
    params,
    answers: { 204: { description: 'Removed' } },
    async handle({ params: { id }, identity: { tenant }, author }, { auth }) {
      await auth.members.remove(tenant, id, author);
      return { status: 204 };
    },
  }),
];

/** What members may do; what only who owns the instance may is left out. */
function membersActions() {
  return actionNames.flatMap((name) => {
    const { summary, roles } = specOfAction(name);
    const allowed = memberRoles.filter((role) => roles.includes(role));
    return allowed.length === 0 ? [] : [{ name, summary, roles: allowed }];
  });
}
