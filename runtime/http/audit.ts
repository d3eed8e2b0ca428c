import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Type from 'typebox';
import { type ExportFormat, exportAudit } from '../audit/export.ts';
import { verifyAudit } from '../audit/verify.ts';
import { actionNames } from '../auth/actions.ts';
import { type AuditFilter, listEntries } from '../postgres/audit/entries.ts';
import { ok, type Route, route } from './route.ts';
import { Limit, orNull, Time } from './schemas.ts';

const Entry = Type.Object({
  position: Type.Integer({ description: 'From 1, without gaps' }),
  at: Time,
  who: Type.String({ description: 'Name of the person or API key' }),
  whoId: orNull(Type.String()),
  by: Type.Enum(['person', 'key', 'command line', 'instance']),
  address: orNull(Type.String({ description: 'Network address that it came from' })),
  action: Type.String(),
  environment: orNull(Type.String()),
  target: Type.String({ description: 'What was changed, as in the addresses of the API' }),
  before: Type.Unknown({ description: 'Without secrets; what is long stands as its SHA-256' }),
  after: Type.Unknown(),
  hash: Type.String({ description: 'Of the entry and all before it; SHA-256, hexadecimal' }),
});

const closed = { additionalProperties: false };
const filter = {
  action: Type.Optional(Type.Enum([...actionNames])),
  target: Type.Optional(Type.String({ maxLength: 1000 })),
  who: Type.Optional(Type.String({ maxLength: 1000 })),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
};
const mediaTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' };

export const auditRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/audit',
    action: 'audit.read',
    tag: 'Audit',
    summary: 'Who has changed what, newest first',
    query: Type.Object({ ...filter, limit: Limit, before: Type.Optional(Type.Integer({ minimum: 1 })) }, closed),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ entries: Type.Array(Entry), next: orNull(Type.Integer()) }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const { limit = 50, before, ...wanted } = query;
      const page = { ...filterOf(wanted), limit, before };
      const entries = await database.asTenants([tenant.id], (tx) => listEntries(tx, tenant.id, page));
      return ok({ entries, next: entries.length === limit ? (entries.at(-1)?.position ?? null) : null });
    },
  }),
  route({
    method: 'get',
    path: '/audit/verify',
    action: 'audit.read',
    tag: 'Audit',
    summary: 'Is the audit whole',
    description:
      'Reads all of it: whether each entry is as it was written and follows the one before it. A head that was noted down elsewhere is held against it by `millrace audit verify`.',
    answers: {
      200: {
        description: 'Looked through',
        schema: Type.Union([
          Type.Object({
            ok: Type.Literal(true),
            head: Type.Object({ position: Type.Integer(), hash: Type.String() }, { description: 'To be noted down' }),
          }),
          Type.Object({
            ok: Type.Literal(false),
            position: Type.Integer({ description: 'The first place at which something does not fit' }),
            reason: Type.String(),
          }),
        ]),
      },
    },
    handle: async ({ identity: { tenant } }, { database }) => ok(await verifyAudit(database, tenant.id)),
  }),
  route({
    method: 'get',
    path: '/audit/export',
    action: 'audit.read',
    tag: 'Audit',
    summary: 'The audit as a file, oldest first',
    query: Type.Object({ format: Type.Enum(['csv', 'jsonl']), ...filter }, closed),
    answers: {
      200: { description: 'CSV with a line of names, or JSON lines', mediaType: 'text/csv', schema: Type.String() },
    },
    handle: ({ query: { format } }) => ({
      status: 200,
      headers: {
        'content-type': mediaTypes[format as ExportFormat],
        'content-disposition': `attachment; filename="audit.${format}"`,
      },
    }),
    stream({ query: { format, ...wanted }, identity: { tenant } }, { database, log }, response) {
      const pieces = exportAudit(database, tenant.id, format, filterOf(wanted));
      pipeline(Readable.from(pieces), response).catch((error: unknown) => {
        response.destroy();
        log.warn({ err: error }, 'an export of the audit was cut short');
      });
    },
  }),
];

interface Wanted extends Omit<AuditFilter, 'from' | 'to'> {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function filterOf({ from, to, ...rest }: Wanted): AuditFilter {
  return { ...rest, from: momentOf(from), to: momentOf(to) };
}

function momentOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
