import { type Granted, Secret } from '@millrace/contract';
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

/** What both ways to log in by OAuth 2 need. */
const oauth2 = {
  tokenUrl: Type.String({
    title: 'Token address',
    description: 'Where the system gives tokens; https, or http on this very machine.',
    pattern: '^https?://[^#\\s]+$',
    maxLength: 2000,
    examples: ['https://login.example.com/oauth2/token'],
  }),
  clientId: Type.String({
    title: 'Client',
    description: 'Id under which the other system knows this instance.',
    minLength: 1,
    maxLength: 500,
    examples: ['millrace'],
  }),
  scope: Type.Optional(
    Type.String({
      title: 'Scope',
      description: 'What is asked for, separated by spaces; many systems renew access only with a scope of its own.',
      pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*$',
      maxLength: 2000,
      examples: ['orders.read offline_access'],
    }),
  ),
  clientAuthentication: Type.Optional(
    Type.Enum(['basic', 'body'], {
      title: 'How the client proves itself',
      description: 'basic: by a header. body: by parameters, as some older systems want it.',
      default: 'basic',
      examples: ['basic'],
    }),
  ),
  parameters: Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 2000 }), {
      title: 'Further parameters',
      description:
        'Of the requests for authorisation and tokens, where the system wants them. No secrets: they are shown.',
      examples: [{ audience: 'https://erp.example.com' }],
    }),
  ),
};

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
  Type.Object(
    {
      ...common,
      auth: Type.Literal('oauth2', { title: 'OAuth 2, authorised by a person' }),
      authorizationUrl: Type.String({
        title: 'Authorisation address',
        description: 'Where a person signs in and agrees; https, or http on this very machine.',
        pattern: '^https?://[^#\\s]+$',
        maxLength: 2000,
        examples: ['https://login.example.com/oauth2/authorize'],
      }),
      ...oauth2,
      clientSecret: Type.Optional(secret('Client secret', 'Goes with the client; left empty where it has none.')),
    },
    closed,
  ),
  Type.Object(
    {
      ...common,
      auth: Type.Literal('oauth2-client', { title: 'OAuth 2, as a client by itself' }),
      ...oauth2,
      clientSecret: secret('Client secret', 'Goes with the client.'),
    },
    closed,
  ),
]);
export type HttpConnection = Static<typeof HttpConnection> & Granted;
