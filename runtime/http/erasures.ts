import Type from 'typebox';
import { erasePerson, planErasure } from '../erasure/erase-person.ts';
import { ok, type Route, route } from './route.ts';

const closed = { additionalProperties: false };

const Key = Type.Union([
  Type.Object(
    {
      field: Type.String({
        maxLength: 300,
        description: 'Names with dots between them, at any depth: `customer.email`',
      }),
      value: Type.String({ maxLength: 1000, description: 'The whole value, in the same case' }),
    },
    closed,
  ),
  Type.Object(
    { record: Type.Object({ type: Type.String({ maxLength: 100 }), id: Type.String({ maxLength: 1000 }) }, closed) },
    closed,
  ),
]);

const Report = Type.Object({
  runs: Type.Array(Type.Object({ environment: Type.String(), flow: Type.String(), count: Type.Integer() })),
  records: Type.Array(Type.Object({ environment: Type.String(), type: Type.String(), count: Type.Integer() })),
  steps: Type.Integer({ description: 'Of the runs' }),
  signals: Type.Integer({ description: 'Of the runs, and of none' }),
  deadLetters: Type.Integer(),
  payloads: Type.Integer({ description: 'Files, long lists and large values that are stored apart' }),
  recordVersions: Type.Integer(),
  kept: Type.Array(Type.Object({ what: Type.String(), why: Type.String() }), {
    description: 'What stays; an erasure that is asked for when the reason is over takes it',
  }),
  closed: Type.Integer({ description: 'Payloads that are no text, and were not looked into' }),
});

/** What a tenant keeps of one person, and its end. */
export const erasureRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/erasures/plan',
    action: 'erasures.plan',
    tag: 'Erasure',
    summary: 'What there is of a person',
    description: 'Found by a field with a value, or by a record. Nothing is erased.',
    body: Key,
    answers: { 200: { description: 'What an erasure would erase', schema: Report } },
    handle: async ({ body, identity: { tenant } }, api) => ok(await planErasure(api, tenant.id, body)),
  }),
  route({
    method: 'post',
    path: '/erasures',
    action: 'erasures.make',
    tag: 'Erasure',
    summary: 'Erase what there is of a person',
    description:
      'Runs with all that belongs to them, records with their history, signals and stored payloads. What runs that have not ended need stays, and is told. The audit keeps a keyed hash of the value.',
    body: Key,
    answers: { 200: { description: 'What was erased, for good', schema: Report } },
    handle: async ({ body, identity: { tenant } }, api) => ok(await erasePerson(api, tenant.id, body)),
  }),
];
