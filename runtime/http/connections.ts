import { Duration, durationMs, type JsonObject } from '@millrace/contract';
import Type from 'typebox';
import { createConnection, updateConnection } from '../connections/edit-connections.ts';
import { deleteConnection } from '../connections/remove-connection.ts';
import { rotateSecrets } from '../connections/rotate-secret.ts';
import { connectionStatuses, showConnection, showConnections, showHistory } from '../connections/show-connections.ts';
import { authenticateAnew, testConnection, testInactive } from '../connections/test-connection.ts';
import { authorizationRoutes } from './oauth2.ts';
import { ok, type Route, route } from './route.ts';
import { Environment, FlowId, orNull, Time, Uuid } from './schemas.ts';

const Name = Type.String({ minLength: 1, maxLength: 100 });
const Config = Type.Record(Type.String(), Type.Unknown());
const Health = Type.Object({
  ok: Type.Boolean(),
  since: Time,
  lastOkAt: orNull(Time),
  lastUsedAt: orNull(Time),
  code: orNull(Type.String()),
  message: orNull(Type.String()),
});
const Connection = Type.Object({
  id: Uuid,
  environment: Type.String(),
  name: Type.String(),
  type: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown(), { description: 'Secrets as {"set": true}' }),
  status: Type.Enum([...connectionStatuses], { description: 'Flows use only what is active: tested well as it is' }),
  needsSecrets: Type.Boolean({ description: 'Its secrets were given up with a lost master key; enter them again' }),
  usedBy: Type.Array(Type.Object({ flow: FlowId, slot: Type.String(), environment: Type.String() }), {
    description: 'Where deployments use it',
  }),
  health: orNull(Health),
  previousUntil: orNull(Time),
  createdAt: Time,
});
const Event = Type.Object({
  id: Uuid,
  kind: Type.Enum(['test', 'use']),
  ok: Type.Boolean(),
  code: orNull(Type.String()),
  message: Type.String(),
  times: Type.Integer({ description: 'Uses that failed alike one after the other' }),
  firstAt: Time,
  lastAt: Time,
});
const params = Type.Object({ id: Uuid });
const Tested = Type.Object({ ok: Type.Boolean(), message: Type.String() });

export const connectionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/connections',
    action: 'connections.read',
    tag: 'Connections',
    summary: 'Connections of the tenant',
    query: Type.Object(
      {
        environment: Type.Optional(Environment),
        type: Type.Optional(Type.String()),
        status: Type.Optional(Type.Enum([...connectionStatuses])),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'Without secrets',
        schema: Type.Object({
          connections: Type.Array(Connection),
          quota: Type.Object({ used: Type.Integer(), limit: Type.Integer() }),
        }),
      },
    },
    handle: async ({ query, identity }, api) => ok(await showConnections(api, identity.tenant.id, query)),
  }),
  route({
    method: 'get',
    path: '/connections/:id',
    action: 'connections.read',
    tag: 'Connections',
    summary: 'A connection',
    params,
    answers: { 200: { description: 'Without secrets', schema: Connection } },
    handle: async ({ params: { id }, identity }, api) => ok(await showConnection(api, identity.tenant.id, id)),
  }),
  route({
    method: 'get',
    path: '/connections/:id/history',
    action: 'connections.read',
    tag: 'Connections',
    summary: 'What there was with a connection',
    description: 'Each test, and of uses those that failed and the first that worked again; the newest hundred.',
    params,
    answers: { 200: { description: 'Newest first', schema: Type.Object({ events: Type.Array(Event) }) } },
    handle: async ({ params: { id }, identity }, api) => ok({ events: await showHistory(api, identity.tenant.id, id) }),
  }),
  route({
    method: 'post',
    path: '/connections',
    action: 'connections.edit',
    tag: 'Connections',
    summary: 'Create a connection',
    description:
      'It is tested at once, which may take up to 20 s. Flows use it from the first good test on: it is `active` then, and its health tells what is wrong otherwise.',
    body: Type.Object(
      { name: Name, type: Type.String(), environment: Type.Optional(Environment), config: Config },
      { additionalProperties: false },
    ),
    answers: { 201: { description: 'Created', schema: Connection } },
    async handle({ body, identity: { tenant } }, api) {
      const { name, type, environment = 'production' } = body;
      const id = await createConnection(api, tenant.id, { name, type, environment, config: body.config as JsonObject });
      await testConnection(api, tenant.id, id);
      return { status: 201, body: await showConnection(api, tenant.id, id) };
    },
  }),
  route({
    method: 'put',
    path: '/connections/:id',
    action: 'connections.edit',
    tag: 'Connections',
    summary: 'Change a connection',
    description:
      'A secret that is left out keeps its value, unless the change lets it be sent elsewhere; null takes it away. Where it leads elsewhere or logs in otherwise from then on, it is tested at once, and flows use it again when that was good.',
    params,
    body: Type.Object({ name: Type.Optional(Name), config: Config }, { additionalProperties: false }),
    answers: { 200: { description: 'Changed', schema: Connection } },
    async handle({ params: { id }, body, identity: { tenant } }, api) {
      const { name } = body;
      await updateConnection(api, tenant.id, id, {
        ...(name !== undefined && { name }),
        config: body.config as JsonObject,
      });
      await testInactive(api, tenant.id, id);
      return ok(await showConnection(api, tenant.id, id));
    },
  }),
  route({
    method: 'post',
    path: '/connections/:id/rotate',
    action: 'connections.edit',
    tag: 'Connections',
    summary: 'Put new secrets in place of the present ones',
    description:
      'The new ones are tested first: what flows use is replaced only by what works. Where the type knows a previous secret, the former one stays valid beside the new one for a while (`keepFor`, a day where left out, at most 30 days).',
    params,
    body: Type.Object(
      {
        secrets: Type.Record(Type.String(), Type.String(), { minProperties: 1, description: 'Field → new secret' }),
        keepFor: Type.Optional(Duration({ default: 'P1D' })),
      },
      { additionalProperties: false },
    ),
    answers: { 200: { description: 'In use from now on', schema: Connection } },
    async handle({ params: { id }, body: { secrets, keepFor = 'P1D' }, identity: { tenant } }, api) {
      await rotateSecrets(api, tenant.id, id, secrets, durationMs(keepFor));
      return ok(await showConnection(api, tenant.id, id));
    },
  }),
  route({
    method: 'post',
    path: '/connections/:id/test',
    action: 'connections.test',
    tag: 'Connections',
    summary: 'Can the other side be reached',
    params,
    description: 'Once that was good, flows use the connection.',
    answers: { 200: { description: 'Tried', schema: Tested } },
    handle: async ({ params: { id }, identity }, api) => ok(await testConnection(api, identity.tenant.id, id)),
  }),
  route({
    method: 'post',
    path: '/connections/:id/authenticate',
    action: 'connections.test',
    tag: 'Connections',
    summary: 'Log in anew, and test the connection so',
    description:
      'Tokens that there are by OAuth 2 are renewed. Where the other side renews nothing any more, a person has to authorise the connection again.',
    params,
    answers: { 200: { description: 'Tried', schema: Tested } },
    handle: async ({ params: { id }, identity }, api) => ok(await authenticateAnew(api, identity.tenant.id, id)),
  }),
  route({
    method: 'post',
    path: '/connections/:id/remove',
    action: 'connections.edit',
    tag: 'Connections',
    summary: 'Delete a connection',
    description: 'Refused while a deployment or a run under way uses it; the problems name where.',
    params,
    answers: { 204: { description: 'Deleted, with its secrets and its history' } },
    async handle({ params: { id }, identity: { tenant } }, api) {
      await deleteConnection(api, tenant.id, id);
      return { status: 204 };
    },
  }),
  ...authorizationRoutes,
];
