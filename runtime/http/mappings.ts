import { SystemVersion } from '@millrace/contract';
import type { FieldMap } from '@millrace/mapping';
import Type from 'typebox';
import { demandsOn } from '../auth/demands.ts';
import { readNamed } from '../flows/versions.ts';
import { linesOf } from '../mappings/layers.ts';
import { addressOf, layOver, layOverAgain, readMapping } from '../mappings/own-lines.ts';
import { listOverrides, loadOverride } from '../postgres/mappings/overrides.ts';
import { hookUrlsOf } from './hook-urls.ts';
import { ok, type Route, route } from './route.ts';
import { Environment, FlowId, HookUrl, InEnvironment, Limit, Note, orNull, production, Time, Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const closed = { additionalProperties: false };
const Name = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,99}$' });
const flowParams = Type.Object({ id: FlowId });
const params = Type.Object({ id: FlowId, name: Name });
const Lines = Type.Unsafe<FieldMap>({ type: 'array', maxItems: 2000, description: 'Lines of a field map' });

const Own = Type.Object({
  id: Uuid,
  fields: Lines,
  action: Type.Enum(['edit', 'promote', 'rollback']),
  at: Time,
  by: Type.String(),
  note: orNull(Type.String()),
});
const Summary = Type.Object({ name: Name, title: Type.String(), versions: Type.Array(SystemVersion) });
const Mapping = Type.Object({
  name: Name,
  title: Type.String(),
  target: Type.Optional(Type.Unknown({ description: 'JSON Schema of what it makes' })),
  core: Lines,
  versions: Type.Array(
    Type.Object({
      ...SystemVersion.properties,
      fields: Lines,
      effective: Type.Unsafe<FieldMap>({ ...Lines, description: 'All layers laid over each other' }),
    }),
  ),
  own: orNull(Own),
});

/** Mappings in layers, and what a tenant lays over them. */
export const mappingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/flows/:id/mappings',
    action: 'mappings.read',
    tag: 'Mappings',
    summary: 'The mappings in layers of what serves in an environment',
    params: flowParams,
    query: InEnvironment,
    answers: { 200: { description: 'By name', schema: Type.Object({ mappings: Type.Array(Summary) }) } },
    async handle({ params, query: { environment = production }, identity: { tenant } }, api) {
      const { mappings = [] } = await readNamed(api, tenant, params.id, environment);
      const versionsOf = (versions: (typeof mappings)[number]['versions']) =>
        versions.map(({ fields: _, ...version }) => version);
      return ok({
        mappings: mappings.map(({ name, title, versions }) => ({ name, title, versions: versionsOf(versions) })),
      });
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id/mappings/:name',
    action: 'mappings.read',
    tag: 'Mappings',
    summary: "A mapping with its layers and the tenant's own lines",
    params,
    query: InEnvironment,
    answers: { 200: { description: 'The mapping', schema: Mapping } },
    async handle({ params, query: { environment = production }, identity: { tenant } }, api) {
      const place = { tenant, environment, flowId: params.id, mapping: params.name };
      const mapping = await readMapping(api, place);
      const own = await api.database.asTenants([tenant.id], (tx) => loadOverride(tx, addressOf(place)));
      const versions = mapping.versions.map((each) => ({
        ...each,
        effective: linesOf(mapping, each.version, own?.fields),
      }));
      return ok({ ...mapping, versions, own: own ?? null });
    },
  }),
  route({
    method: 'put',
    path: '/flows/:id/mappings/:name/own',
    action: 'mappings.edit',
    tag: 'Mappings',
    summary: 'Lay lines over a mapping, in the sandbox',
    description:
      'They take the place of those that lay there. Tried under the addresses in the answer, they are promoted to production.',
    params,
    body: Type.Object(
      {
        fields: Lines,
        basedOn: orNull(
          Type.String({ ...Uuid, description: 'Id of the lines that these were made of; null for none' }),
        ),
        note: Note,
      },
      closed,
    ),
    answers: {
      200: {
        description: 'In force in the sandbox',
        schema: Type.Object({ own: Own, testUrls: Type.Array(HookUrl) }),
      },
    },
    async handle({ params, body: { note, ...lines }, identity, raw }, api) {
      const { tenant } = identity;
      const place = { tenant, flowId: params.id, mapping: params.name };
      const own = await layOver(api, place, lines, { by: whoOf(identity), note, demand: demandsOn(identity) });
      const { flow } = await readNamed(api, tenant, params.id, 'sandbox');
      return ok({ own, testUrls: hookUrlsOf(flow, { tenant, environment: 'sandbox' }, api, raw) });
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id/mappings/:name/history',
    action: 'mappings.read',
    tag: 'Mappings',
    summary: "The tenant's own lines as they were, newest first",
    params,
    query: Type.Object({ environment: Type.Optional(Environment), limit: Limit }, closed),
    answers: { 200: { description: 'The newest is in force', schema: Type.Object({ history: Type.Array(Own) }) } },
    async handle({ params, query: { environment = production, limit = 50 }, identity: { tenant } }, api) {
      const place = { tenant, environment, flowId: params.id, mapping: params.name };
      await readMapping(api, place);
      return ok({
        history: await api.database.asTenants([tenant.id], (tx) => listOverrides(tx, addressOf(place), limit)),
      });
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/mappings/:name/rollback',
    action: 'mappings.promote',
    tag: 'Mappings',
    summary: 'Lay over a mapping again what lay over it before',
    params,
    body: Type.Object({ environment: Type.Optional(Environment), to: Uuid, note: Note }, closed),
    answers: { 200: { description: 'In force', schema: Own } },
    async handle({ params, body: { environment = production, to, note }, identity }, api) {
      const place = { tenant: identity.tenant, environment, flowId: params.id, mapping: params.name };
      return ok(await layOverAgain(api, place, to, { by: whoOf(identity), note }));
    },
  }),
];
