import { type Change, canonicalJson, difference, sentenceOf } from '@millrace/flow';
import Type from 'typebox';
import { requireFlow } from '../flows/drafts.ts';
import { publishFlow, readNamed, readVersion } from '../flows/versions.ts';
import { listVersions } from '../postgres/flows/load-versions.ts';
import { ok, type Route, route } from './route.ts';
import { Bundle, FlowId, Named, Note, orNull, Problem, Time } from './schemas.ts';
import { whoOf } from './who.ts';

const params = Type.Object({ id: FlowId });
const name = { version: Type.String({ description: 'SHA-256 of what it holds, in hexadecimal' }) };
const number = { number: Type.Integer({ description: "Of the flow's versions, in the order of their publication" }) };

const Version = Type.Object({
  ...name,
  ...number,
  publishedAt: Time,
  publishedBy: Type.String(),
  note: orNull(Type.String()),
});

/** A change, as it is told. */
export const ChangeShown = Type.Object({
  kind: Type.String(),
  name: Type.Optional(Type.String({ description: 'Of the node, parameter, slot, record type, table, test or sample' })),
  action: Type.Enum(['added', 'removed', 'changed', 'reordered']),
  pointer: Type.String({ description: 'Into the bundle; items with a name are named in it by that' }),
  field: Type.String({ description: 'Below what the kind names' }),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
  edit: Type.Optional(
    Type.Object(
      { from: Type.Integer(), before: Type.String(), after: Type.String() },
      { description: 'Of a changed text: the one stretch outside which nothing is different, in UTF-16 units' },
    ),
  ),
  sentence: Type.String(),
});

/** The immutable versions of a flow. */
export const versionRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/flows/:id/publish',
    action: 'flows.publish',
    tag: 'Versions',
    summary: 'Make an immutable version of the draft',
    description: 'Where the same was published before, it is that version. Nothing is deployed.',
    params,
    body: Type.Object({ note: Note }, { additionalProperties: false }),
    answers: {
      200: {
        description: 'Published; warnings were not in the way',
        schema: Type.Object({ ...name, ...number, warnings: Type.Array(Problem) }),
      },
    },
    handle: async ({ params: { id }, body: { note }, identity }, api) =>
      ok(await publishFlow(api, identity.tenant, id, { by: whoOf(identity), note })),
  }),
  route({
    method: 'get',
    path: '/flows/:id/versions',
    action: 'flows.read',
    tag: 'Versions',
    summary: 'Published versions, newest first',
    params,
    answers: { 200: { description: 'All of them', schema: Type.Object({ versions: Type.Array(Version) }) } },
    async handle({ params: { id }, identity: { tenant } }, { database }) {
      await requireFlow({ database }, tenant, id);
      return ok({ versions: await database.asTenants([tenant.id], (tx) => listVersions(tx, id)) });
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id/versions/:version',
    action: 'flows.read',
    tag: 'Versions',
    summary: 'A version as a bundle',
    description: 'By its name or number. The same version is always the same bytes.',
    params: Type.Object({ id: FlowId, version: Type.String() }),
    answers: { 200: { description: 'The bundle', schema: Bundle } },
    async handle({ params: { id, version }, identity: { tenant } }, api) {
      const { bundle } = await readVersion(api, tenant, id, version);
      return { status: 200, text: `${canonicalJson(bundle)}\n` };
    },
  }),
  route({
    method: 'get',
    path: '/flows/:id/difference',
    action: 'flows.read',
    tag: 'Versions',
    summary: 'What makes one version of a flow another',
    description: 'Node by node and field by field; where the boxes stand does not count.',
    params,
    query: Type.Object({ from: Named, to: Named }, { additionalProperties: false }),
    answers: {
      200: {
        description: 'None where they are the same',
        schema: Type.Object({ changes: Type.Array(ChangeShown) }),
      },
    },
    async handle({ params: { id }, query: { from, to }, identity: { tenant } }, api) {
      const before = await readNamed(api, tenant, id, from);
      return ok({ changes: difference(before, await readNamed(api, tenant, id, to)).map(told) });
    },
  }),
];

export function told(change: Change) {
  return { ...change, sentence: sentenceOf(change) };
}
