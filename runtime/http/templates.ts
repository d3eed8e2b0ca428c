import type { JsonObject } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import type { Action } from '../auth/actions.ts';
import { demandsOn } from '../auth/demands.ts';
import { othersNamed } from '../flows/flows-named.ts';
import { countClones } from '../postgres/templates/clones.ts';
import { planClone } from '../templates/clone-plan.ts';
import { cloneTemplate } from '../templates/clone-template.ts';
import { countClonesOf } from '../templates/count-clones.ts';
import { findTemplates, readOffered, readTemplate } from '../templates/find-template.ts';
import { changeTemplate, publishTemplate } from '../templates/publish-template.ts';
import type { OfferedVersion } from '../templates/template.ts';
import { versionNumber } from '../templates/version-number.ts';
import { type Api, ok, type Route, route } from './route.ts';
import { FlowId, orNull, Problem, Slug, Time, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

/** Whose `id` is that of a template. */
export const TemplateAddress = Type.Object({
  id: Type.String({
    pattern: '^([a-z][a-z0-9-]{0,62}/)?[A-Za-z][A-Za-z0-9_-]{0,63}$',
    description: 'Of one that comes with Millrace its name; of others `<tenant>/<flow>`, with `%2F` for the slash',
  }),
});
const closed = { additionalProperties: false };
const Version = Type.String({ pattern: versionNumber, description: 'As its publisher numbers them: `2`, `1.4`' });
const Audience = Type.Union([Type.Enum(['own', 'everybody']), Type.Array(Slug, { minItems: 1, maxItems: 1000 })], {
  description: 'The publisher alone, every tenant of the instance, or the named tenants besides',
});

const head = {
  id: Type.String(),
  name: Type.String(),
  summary: orNull(Type.String()),
  publisher: orNull(Type.String({ description: 'Short name of a tenant; null where it comes with Millrace' })),
  version: Type.String({ description: 'The newest' }),
  audience: orNull(Audience),
  withdrawn: Type.Boolean(),
};
const Head = Type.Object(head);
const Named = Type.Object({ id: Type.String(), title: Type.String() });
const Detail = Type.Object({
  ...head,
  description: Type.String({ description: 'Markdown' }),
  versions: Type.Array(
    Type.Object({
      version: Type.String(),
      content: Type.String({ description: 'SHA-256 of what it holds, in hexadecimal' }),
      changelog: Type.String(),
      publishedAt: orNull(Time),
    }),
    { description: 'Newest first' },
  ),
  offered: Type.Object(
    {
      version: Type.String(),
      parameters: orNull(Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema, with the defaults' })),
      connections: Type.Record(Type.String(), Type.Object({ type: Type.String() }), { description: 'Slots' }),
      records: Type.Array(Named, { description: 'Record types that it brings' }),
      tables: Type.Array(Named, { description: 'Code tables that it brings where there are none of the name' }),
      mappings: Type.Array(Named, { description: 'Mappings in layers' }),
      tests: Type.Array(Type.String()),
      samples: Type.Array(Type.String()),
      flows: Type.Array(Type.String(), { description: 'Other flows that it uses' }),
    },
    { description: 'What one gets with the version that was asked for' },
  ),
});

const Bindings = Type.Record(Type.String(), Uuid, { description: 'Slot → connection id' });
const CloneBody = Type.Object(
  {
    version: Type.Optional(Version),
    flow: FlowId,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    connections: Type.Optional(
      Type.Object({ sandbox: Type.Optional(Bindings), production: Type.Optional(Bindings) }, closed),
    ),
    deploy: Type.Optional(Type.Boolean({ description: 'To the sandbox, at once' })),
    trial: Type.Optional(
      Type.Object(
        { sample: Type.String(), node: Type.Optional(Type.String({ description: 'The trigger to start at' })) },
        {
          ...closed,
          description: 'A run in the sandbox with a sample of the template, which is deployed there for it',
        },
      ),
    ),
  },
  closed,
);

const Counts = Type.Object({
  clones: Type.Array(Type.Object({ template: Type.String(), version: Type.String(), clones: Type.Integer() })),
});

/** Templates: flows to begin with. */
export const templateRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/templates',
    action: 'templates.read',
    tag: 'Templates',
    summary: 'Templates that are offered to the tenant, and its own',
    query: Type.Object(
      { text: Type.Optional(Type.String({ maxLength: 200, description: 'Words, each of which must occur' })) },
      closed,
    ),
    answers: {
      200: {
        description: 'Those that come with Millrace first',
        schema: Type.Object({ templates: Type.Array(Head) }),
      },
    },
    async handle({ query: { text }, identity: { tenant } }, api) {
      const templates = await findTemplates(api, tenant, text);
      return ok({ templates: templates.map(({ description: _, ...template }) => template) });
    },
  }),
  route({
    method: 'post',
    path: '/templates',
    action: 'templates.publish',
    tag: 'Templates',
    summary: 'Offer a published version of a flow as a version of a template',
    description:
      'The first makes the template, for the tenant alone where nothing else is said. A version is never changed. Its ' +
      'samples and tests go with it; connections do not, only their slots.',
    body: Type.Object(
      {
        flow: FlowId,
        release: Type.Optional(
          Type.String({ description: 'Name or number of a version of the flow; the newest if none' }),
        ),
        version: Type.Optional(Version),
        changelog: Type.String({ maxLength: 20_000 }),
        description: Type.Optional(Type.String({ maxLength: 20_000, description: 'Markdown' })),
        audience: Type.Optional(Audience),
      },
      closed,
    ),
    answers: { 201: { description: 'Offered', schema: Head } },
    async handle({ body: { flow, ...body }, identity: { tenant } }, api) {
      const { description: _, ...template } = await publishTemplate(api, tenant, { flowId: flow, ...body });
      return { status: 201, body: template };
    },
  }),
  route({
    method: 'get',
    path: '/templates/:id',
    action: 'templates.read',
    tag: 'Templates',
    summary: 'A template: its versions, and what one gets',
    params: TemplateAddress,
    query: Type.Object({ version: Type.Optional(Version) }, closed),
    answers: { 200: { description: 'The newest version where none is asked for', schema: Detail } },
    async handle({ params: { id }, query: { version }, identity: { tenant } }, api) {
      const template = await readTemplate(api, tenant, id);
      return ok({ ...template, offered: shown(await readOffered(api, tenant, id, version), api) });
    },
  }),
  route({
    method: 'put',
    path: '/templates/:id',
    action: 'templates.publish',
    tag: 'Templates',
    summary: 'Say anew who may see a template, or withdraw it, or offer it again',
    description: 'Clones of a template that is withdrawn stay as they are. Publishing a version offers it again.',
    params: TemplateAddress,
    body: Type.Object({ audience: Type.Optional(Audience), withdrawn: Type.Optional(Type.Boolean()) }, closed),
    answers: { 200: { description: 'Changed', schema: Head } },
    async handle({ params: { id }, body, identity: { tenant } }, api) {
      const { description: _, ...template } = await changeTemplate(api, tenant, id, body);
      return ok(template);
    },
  }),
  route({
    method: 'post',
    path: '/templates/:id/plan',
    action: 'templates.read',
    tag: 'Templates',
    summary: 'Everything that is missing or wrong with a clone',
    description: 'Asked as the clone itself. Nothing is written.',
    params: TemplateAddress,
    body: CloneBody,
    answers: {
      200: {
        description: 'Errors are in the way; pointers are into the body, those below `/bundle` into the clone',
        schema: Type.Object({ version: Type.String(), problems: Type.Array(Problem) }),
      },
    },
    async handle({ params: { id }, body, identity: { tenant } }, api) {
      const { offered, problems } = await planClone(api, tenant, requestOf(id, body));
      return ok({ version: offered.version, problems });
    },
  }),
  route({
    method: 'post',
    path: '/templates/:id/clone',
    action: 'templates.clone',
    tag: 'Templates',
    summary: 'Make a flow of a template',
    description:
      'The parameters become the defaults of the clone; connections of an environment are kept for its first deployment ' +
      'there. All or nothing: `/templates/:id/plan` says beforehand what is in the way. Deploying needs `flows.deploy` ' +
      'besides, a trial `flows.run`.',
    params: TemplateAddress,
    body: CloneBody,
    answers: {
      201: {
        description: 'Made; warnings were not in the way',
        schema: Type.Object({
          flow: FlowId,
          version: Type.String(),
          warnings: Type.Array(Problem),
          deployed: Type.Optional(Type.Object({ version: Type.String(), number: Type.Integer(), deployedAt: Time })),
          run: Type.Optional(Uuid),
        }),
      },
    },
    async handle({ params: { id }, body, identity }, api) {
      alsoNeeded(body).forEach(demandsOn(identity));
      return { status: 201, body: await cloneTemplate(api, identity.tenant, requestOf(id, body), whoOf(identity)) };
    },
  }),
  route({
    method: 'get',
    path: '/templates/:id/clones',
    action: 'templates.count',
    tag: 'Templates',
    summary: 'How many clones of a template of the tenant there are at each version',
    description: 'In all tenants together; whose they are is not told.',
    params: TemplateAddress,
    answers: { 200: { description: 'By version', schema: Counts } },
    handle: async ({ params: { id }, identity: { tenant } }, api) =>
      ok({ clones: await countClonesOf(api, tenant, id) }),
  }),
  route({
    method: 'get',
    path: '/clones',
    action: 'tenants.read',
    tag: 'Templates',
    summary: 'How many clones of each template there are at each version',
    answers: { 200: { description: 'By template and version', schema: Counts } },
    handle: async (_call, { database }) => ok({ clones: await database.asScanner((tx) => countClones(tx)) }),
  }),
];

function shown({ version, bundle }: OfferedVersion, { types }: Pick<Api, 'types'>) {
  const { flow, records, tables = [], mappings = [], tests, samples } = bundle;
  return {
    version,
    parameters: flow.parameters ?? null,
    connections: flow.connections ?? {},
    records: records.map(({ id, title }) => ({ id, title })),
    tables: tables.map(({ name: id, title }) => ({ id, title })),
    mappings: mappings.map(({ name: id, title }) => ({ id, title })),
    tests: Object.keys(tests),
    samples: Object.keys(samples),
    flows: [...new Set(othersNamed(flow, types).map(({ id }) => id))],
  };
}

function requestOf(template: string, { flow, parameters, ...more }: Static<typeof CloneBody>) {
  return { template, flowId: flow, parameters: parameters as JsonObject | undefined, ...more };
}

function alsoNeeded({ deploy, trial }: Static<typeof CloneBody>): readonly Action[] {
  return [...(deploy || trial ? (['flows.deploy'] as const) : []), ...(trial ? (['flows.run'] as const) : [])];
}
