import Type from 'typebox';
import { actionNames } from '../auth/actions.ts';
import { listEntries } from '../postgres/audit/entries.ts';
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

export const auditRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/audit',
    action: 'audit.read',
    tag: 'Audit',
    summary: 'Who has changed what, newest first',
    description: '`millrace audit verify` looks whether it is whole, and `millrace audit export` writes all of it.',
    query: Type.Object(
      {
        action: Type.Optional(Type.Enum([...actionNames])),
        target: Type.Optional(Type.String({ maxLength: 1000 })),
        who: Type.Optional(Type.String({ maxLength: 1000 })),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        limit: Limit,
        before: Type.Optional(Type.Integer({ minimum: 1 })),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'A page; `next` is the `before` of the following one',
        schema: Type.Object({ entries: Type.Array(Entry), next: orNull(Type.Integer()) }),
      },
    },
    async handle({ query, identity: { tenant } }, { database }) {
      const { from, to, limit = 50, ...rest } = query;
      const filter = { ...rest, limit, from: momentOf(from), to: momentOf(to) };
      const entries = await database.asTenants([tenant.id], (tx) => listEntries(tx, tenant.id, filter));
      return ok({ entries, next: entries.length === limit ? (entries.at(-1)?.position ?? null) : null });
    },
  }),
];

function momentOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
