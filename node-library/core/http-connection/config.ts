import { Secret } from '@millrace/contract';
import Type, { type Static } from 'typebox';

const common = {
  baseUrl: Type.String({
    title: 'Base address',
    description: 'Where the system’s addresses begin; https, or http on this very machine.',
    pattern: '^https?://[^?#\\s]+$',
    maxLength: 2000,
    examples: ['https://erp.example.com/api/v2'],
  }),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 4000 }), {
      title: 'Headers',
      description: 'Sent with every request; a node’s own headers go before them. No secrets: they are shown.',
      examples: [{ Accept: 'application/json' }],
    }),
  ),
};

const secret = (title: string, description: string) =>
  Secret(Type.String({ title, description, minLength: 1, maxLength: 8000 }));
const closed = { additionalProperties: false };

export const HttpConnection = Type.Union([
  Type.Object({ ...common, auth: Type.Literal('none', { title: 'No login' }) }, closed),
  Type.Object(
    {
      ...common,
      auth: Type.Literal('basic', { title: 'User name and password' }),
      username: Type.String({
        title: 'User name',
        description: 'Goes with the password.',
        pattern: '^[^:]*$',
        maxLength: 500,
        examples: ['millrace'],
      }),
      password: secret('Password', 'Goes with the user name.'),
    },
    closed,
  ),
  Type.Object(
    {
      ...common,
      auth: Type.Literal('bearer', { title: 'Bearer token' }),
      token: secret('Token', 'Sent as “Authorization: Bearer …”.'),
    },
    closed,
  ),
  Type.Object(
    {
      ...common,
      auth: Type.Literal('header', { title: 'Key in a header' }),
      name: Type.String({
        title: 'Header',
        description: 'Header that carries the key.',
        pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        maxLength: 100,
        examples: ['X-Api-Key'],
      }),
      key: secret('Key', 'Given by the other system.'),
    },
    closed,
  ),
  Type.Object(
    {
      ...common,
      auth: Type.Literal('query', { title: 'Key in the address' }),
      name: Type.String({
        title: 'Parameter',
        description: 'Query parameter that carries the key.',
        minLength: 1,
        maxLength: 100,
        examples: ['api_key'],
      }),
      key: secret('Key', 'Given by the other system.'),
    },
    closed,
  ),
]);
export type HttpConnection = Static<typeof HttpConnection>;
