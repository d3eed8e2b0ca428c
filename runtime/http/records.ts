import { exact, type Json } from '@millrace/contract';
import Type from 'typebox';
import { countedRecords, listRecordTypes } from '../postgres/queries/list-record-types.ts';
import { listRecords, type RecordRow } from '../postgres/queries/list-records.ts';
import { loadRecordWithHistory } from '../postgres/queries/load-record-with-history.ts';
import { loadRecordTypes } from '../postgres/records/records.ts';
import { badRequest, notFound } from './errors.ts';
import { ok, route } from './route.ts';
import { Environment, Limit, orNull, Time } from './schemas.ts';

const TypeId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' });
const record = {
  id: Type.String(),
  type: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
  version: Type.Integer(),
  createdAt: Time,
  updatedAt: Time,
};
const paging = { limit: Limit, before: Type.Optional(Type.String()), environment: Type.Optional(Environment) };

const Lifecycle = Type.Object({
  field: Type.String({ description: 'Of the data, which holds the state' }),
  initial: Type.String(),
  transitions: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'State → states that may follow; a state without followers is final',
  }),
});

export const recordRoutes = [
  route({
    method: 'get',
    path: '/records/:type',
    action: 'records.read',
    tag: 'Records',
    summary: 'Records of a type, newest first',
    description: 'Any other query parameter names a field, with a dot for each level (`customer.country=GR`).',
    params: Type.Object({ type: TypeId }),
    query: Type.Object(paging, { additionalProperties: Type.String() }),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ records: Type.Array(Type.Object(record)), next: orNull(Type.String()) }),
      },
    },
    async handle({ params, query, identity: { tenant } }, { database }) {
      const { limit = 50, before, environment = 'production', ...fields } = query;
      const filter = {
        ...params,
        environment,
        limit,
        fields: Object.entries(fields).map(([path, text]) => readings(path.split('.'), String(text))),
        ...(before !== undefined && { before: placeOf(before) }),
      };
      const rows = await database.asTenants([tenant.id], async (tx) => {
        if ((await loadRecordTypes(tx, [{ tenant: tenant.id, environment, id: params.type }])).length === 0)
          throw notFound('This record type');
        return listRecords(tx, tenant.id, filter);
      });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return ok({ records: rows.map(({ createdExactly, ...row }) => row), next: last ? cursorOf(last) : null });
    },
  }),
  route({
    method: 'get',
    path: '/records/:type/:id',
    action: 'records.read',
    tag: 'Records',
    summary: 'A record with its history',
    params: Type.Object({ type: TypeId, id: Type.String() }),
    query: Type.Object({ environment: Type.Optional(Environment) }, { additionalProperties: false }),
    answers: {
      200: {
        description: 'Every version that it has had, oldest first',
        schema: Type.Object({
          ...record,
          history: Type.Array(
            Type.Object({
              at: Time,
              from: orNull(Type.String()),
              to: orNull(Type.String()),
              who: Type.String(),
              why: orNull(Type.String()),
              data: Type.Record(Type.String(), Type.Unknown()),
            }),
          ),
        }),
      },
    },
    async handle({ params, query, identity: { tenant } }, { database }) {
      const address = { ...params, environment: query.environment ?? 'production' };
      const found = await database.asTenants([tenant.id], (tx) => loadRecordWithHistory(tx, address));
      if (!found) throw notFound('This record');
      return ok(found);
    },
  }),
  route({
    method: 'get',
    path: '/records',
    action: 'records.read',
    tag: 'Records',
    summary: 'Record types of an environment',
    query: Type.Object({ environment: Type.Optional(Environment) }, { additionalProperties: false }),
    answers: {
      200: {
        description: 'By title',
        schema: Type.Object({
          types: Type.Array(
            Type.Object({
              id: TypeId,
              title: Type.String(),
              schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of the data' }),
              lifecycle: Type.Optional(Lifecycle),
              writers: Type.Optional(Type.Array(Type.String(), { description: 'Flows that alone may write them' })),
              records: Type.Integer({ description: `Up to ${countedRecords} are counted` }),
            }),
          ),
        }),
      },
    },
    handle: async ({ query: { environment = 'production' }, identity: { tenant } }, { database }) =>
      ok({ types: await database.asTenants([tenant.id], (tx) => listRecordTypes(tx, tenant.id, environment)) }),
  }),
];

/** What the data must contain for `path=text`: the text itself, or what it is as JSON (`5`, `true`, `null`). */
function readings(path: readonly string[], text: string): Json[] {
  const scalars: Json[] = [text];
  if (text === 'true' || text === 'false') scalars.push(text === 'true');
  if (text === 'null') scalars.push(null);
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) scalars.push(exact(text));
  return scalars.map((scalar) => path.reduceRight<Json>((inner, name) => ({ [name]: inner }), scalar));
}

function cursorOf({ createdExactly, id }: RecordRow): string {
  return Buffer.from(JSON.stringify([createdExactly, id])).toString('base64url');
}

function placeOf(cursor: string): { createdExactly: string; id: string } {
  const [, createdExactly, id] = /^\["([\d :.+-]+)","(.*)"\]$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (createdExactly === undefined || id === undefined)
    throw badRequest('“before” is not the “next” of an earlier page.', '/before');
  return { createdExactly, id: JSON.parse(`"${id}"`) as string };
}
