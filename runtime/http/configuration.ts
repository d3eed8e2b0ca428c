import type { JsonObject } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { demandsOn } from '../auth/demands.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { bundleText } from '../configuration/folder/file-form.ts';
import { type Push, planPush, pushConfiguration } from '../configuration/push.ts';
import { readConfiguration } from '../configuration/read.ts';
import { type Call, ok, type Route, route } from './route.ts';
import { Environment, orNull, Problem, Time } from './schemas.ts';
import { whoOf } from './who.ts';

const closed = { additionalProperties: false };

const Parts = Type.Object(
  {
    format: Type.Literal(1),
    parts: Type.Record(Type.String(), Type.Unknown(), {
      description: 'By name, such as `flows/orders` or `connections/production/ERP`',
    }),
  },
  closed,
);

const Selection = Type.Array(Type.String({ maxLength: 300 }), {
  description: 'Names of parts, or what they begin with: `flows`, `connections/production`',
});

const Pushed = Type.Object(
  {
    configuration: Parts,
    known: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Part → digests of those of its states that what is pushed was made of',
      }),
    ),
    only: Type.Optional(Selection),
    prune: Type.Optional(Type.Boolean({ description: 'Whether what the configuration lacks goes' })),
    deploy: Type.Optional(Environment),
  },
  closed,
);

const Plan = Type.Object({
  changes: Type.Array(
    Type.Object({
      part: Type.String(),
      action: Type.Enum(['added', 'changed', 'removed']),
      sentences: Type.Array(Type.String()),
    }),
  ),
  missing: Type.Array(Type.String(), { description: 'Parts that stay although the configuration lacks them' }),
  conflicts: Type.Array(
    Type.Object({
      part: Type.String(),
      digest: Type.String({ description: 'Of what is there now: `known` by who has seen it' }),
      who: orNull(Type.String()),
      at: orNull(Time),
      message: Type.String(),
    }),
  ),
  problems: Type.Array(Problem),
});

/** A tenant's configuration as one document, for git and for other tenants. */
export const configurationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/configuration',
    action: 'configuration.read',
    tag: 'Configuration',
    summary: 'All that the tenant has set up',
    description: 'Without secrets. The same configuration is always the same bytes.',
    query: Type.Object({ only: Type.Optional(Type.Union([Type.String(), Selection])) }, closed),
    answers: { 200: { description: 'Parts by name', schema: Parts } },
    async handle({ query: { only = [] }, identity: { tenant } }, api) {
      const { parts } = await readConfiguration(api, tenant, [only].flat());
      return { status: 200, text: bundleText(parts) };
    },
  }),
  route({
    method: 'post',
    path: '/configuration/plan',
    action: 'configuration.plan',
    tag: 'Configuration',
    summary: 'What a push would do',
    description: 'Every change, conflict and problem. All is tried and undone.',
    body: Pushed,
    answers: { 200: { description: 'The plan', schema: Plan } },
    handle: async (call, api) => ok(await planPush(api, pushOf(call))),
  }),
  route({
    method: 'post',
    path: '/configuration',
    action: 'configuration.push',
    tag: 'Configuration',
    summary: 'Make the configuration so',
    description: 'All or nothing. Each part needs the right to change such a thing besides.',
    body: Pushed,
    answers: { 200: { description: 'What was done', schema: Plan } },
    handle: async (call, api) => ok(await pushConfiguration(api, pushOf(call))),
  }),
];

function pushOf({ body, identity }: Call<unknown, unknown, Static<typeof Pushed>>): Push {
  const { configuration, known = {}, only = [], prune = false, deploy } = body;
  return {
    tenant: identity.tenant,
    configuration: { format: 1, parts: configuration.parts as JsonObject } satisfies Configuration,
    known,
    selection: only,
    prune,
    deploy,
    by: whoOf(identity),
    require: demandsOn(identity),
  };
}
