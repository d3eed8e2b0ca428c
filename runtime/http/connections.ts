import type { JsonObject } from '@millrace/contract';
import Type from 'typebox';
import {
  createConnection,
  showConnection,
  showConnections,
  testConnection,
  updateConnection,
} from '../connections/edit-connections.ts';
import { ok, route } from './route.ts';
import { Environment, FlowId, Time, Uuid } from './schemas.ts';

const Name = Type.String({ minLength: 1, maxLength: 100 });
const Config = Type.Record(Type.String(), Type.Unknown());
const Connection = Type.Object({
  id: Uuid,
  environment: Type.String(),
  name: Type.String(),
  type: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown(), { description: 'Secrets as {"set": true}' }),
  usedBy: Type.Array(FlowId),
  createdAt: Time,
});
const params = Type.Object({ id: Uuid });
const probeMs = 20_000;

export const connectionRoutes = [
  route({
    method: 'get',
    path: '/connections',
    action: 'connections.read',
    tag: 'Connections',
    summary: 'Connections of the tenant',
    answers: { 200: { description: 'Without secrets', schema: Type.Object({ connections: Type.Array(Connection) }) } },
    handle: async ({ identity }, api) => ok({ connections: await showConnections(api, identity.tenant.id) }),
  }),
  route({
    method: 'post',
    path: '/connections',
    action: 'connections.edit',
    tag: 'Connections',
    summary: 'Create a connection',
    body: Type.Object(
      { name: Name, type: Type.String(), environment: Type.Optional(Environment), config: Config },
      { additionalProperties: false },
    ),
    answers: { 201: { description: 'Created', schema: Connection } },
    async handle({ body, identity: { tenant } }, api) {
      const { name, type, environment = 'production' } = body;
      const id = await createConnection(api, tenant.id, { name, type, environment, config: body.config as JsonObject });
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
      'A secret that is left out keeps its value, unless the change lets it be sent elsewhere; null takes it away.',
    params,
    body: Type.Object({ name: Type.Optional(Name), config: Config }, { additionalProperties: false }),
    answers: { 200: { description: 'Changed', schema: Connection } },
    async handle({ params: { id }, body, identity: { tenant } }, api) {
      const { name } = body;
      await updateConnection(api, tenant.id, id, {
        ...(name !== undefined && { name }),
        config: body.config as JsonObject,
      });
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
    answers: { 200: { description: 'Tried', schema: Type.Object({ ok: Type.Boolean(), message: Type.String() }) } },
    handle: async ({ params: { id }, identity }, api) =>
      ok(await testConnection(api, identity.tenant.id, id, AbortSignal.timeout(probeMs))),
  }),
];
