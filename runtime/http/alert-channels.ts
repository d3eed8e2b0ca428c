import Type from 'typebox';
import { changeChannel, createChannel, dropChannel, showChannels, testChannel } from '../alerts/channels.ts';
import type { ChannelRow } from '../postgres/alerts/channels.ts';
import { ok, type Route, route } from './route.ts';
import { emailPattern, Time, Uuid } from './schemas.ts';

const given = {
  severity: Type.Optional(Type.Enum(['warning', 'high'], { description: 'Lesser alerts do not go there' })),
  enabled: Type.Optional(Type.Boolean()),
  to: Type.Optional(
    Type.Array(Type.String({ pattern: emailPattern }), {
      minItems: 1,
      maxItems: 20,
      description: 'Of a channel by e-mail',
    }),
  ),
  url: Type.Optional(Type.String({ maxLength: 2000, description: 'Of a channel by webhook' })),
};
const Name = Type.String({ minLength: 1, maxLength: 100 });

const Channel = Type.Object({
  id: Uuid,
  name: Type.String(),
  kind: Type.Enum(['email', 'webhook']),
  severity: Type.Enum(['warning', 'high']),
  enabled: Type.Boolean(),
  to: Type.Optional(Type.Array(Type.String())),
  url: Type.Optional(Type.String()),
  createdAt: Time,
});

const params = Type.Object({ id: Uuid });

/** Where a tenant's alerts go. */
export const alertChannelRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/alert-channels',
    action: 'alerts.read',
    tag: 'Alerts',
    summary: 'Where alerts go',
    answers: { 200: { description: 'Without secrets', schema: Type.Object({ channels: Type.Array(Channel) }) } },
    handle: async ({ identity: { tenant } }, api) => ok({ channels: (await showChannels(api, tenant.id)).map(shown) }),
  }),
  route({
    method: 'post',
    path: '/alert-channels',
    action: 'alert-channels.edit',
    tag: 'Alerts',
    summary: 'Let alerts go somewhere',
    description: 'By e-mail to the addresses in `to`, or by a signed webhook (Standard Webhooks) to `url`.',
    body: Type.Object({ name: Name, ...given }, { additionalProperties: false }),
    answers: {
      201: {
        description: 'Made; the secret that proves a webhook is shown this once',
        schema: Type.Object({ channel: Channel, secret: Type.Optional(Type.String()) }),
      },
    },
    async handle({ body, identity: { tenant } }, api) {
      const { channel, ...secret } = await createChannel(api, tenant.id, body);
      return { status: 201, body: { channel: shown(channel), ...secret } };
    },
  }),
  route({
    method: 'put',
    path: '/alert-channels/:id',
    action: 'alert-channels.edit',
    tag: 'Alerts',
    summary: 'Change a channel',
    description: 'What is left out stays. A channel stays of its kind, and a webhook keeps its secret.',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...given }, { additionalProperties: false }),
    answers: { 200: { description: 'Changed', schema: Channel } },
    handle: async ({ params: { id }, body, identity: { tenant } }, api) =>
      ok(shown(await changeChannel(api, tenant.id, id, body))),
  }),
  route({
    method: 'post',
    path: '/alert-channels/:id/test',
    action: 'alert-channels.edit',
    tag: 'Alerts',
    summary: 'Send a test to a channel',
    description: 'Its delivery is seen at the alert, as of any other.',
    params,
    answers: { 202: { description: 'On its way', schema: Type.Object({ alertId: Uuid }) } },
    handle: async ({ params: { id }, identity: { tenant } }, api) => ({
      status: 202,
      body: { alertId: await testChannel(api, tenant.id, id) },
    }),
  }),
  route({
    method: 'post',
    path: '/alert-channels/:id/remove',
    action: 'alert-channels.edit',
    tag: 'Alerts',
    summary: 'Let no more alerts go there',
    params,
    answers: { 204: { description: 'Removed; what was on its way is not sent' } },
    async handle({ params: { id }, identity: { tenant } }, api) {
      await dropChannel(api, tenant.id, id);
      return { status: 204 };
    },
  }),
];

function shown({ id, name, kind, severity, enabled, config, createdAt }: ChannelRow) {
  return { id, name, kind, severity, enabled, ...config, createdAt };
}
