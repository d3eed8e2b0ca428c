import { Duration, Secret } from '@millrace/contract';
import Type, { type Static } from 'typebox';

export const PostgresConfig = Type.Object(
  {
    host: Type.String({
      title: 'Host',
      description: 'Name or address of the database server.',
      minLength: 1,
      maxLength: 255,
      examples: ['db.example.com'],
    }),
    port: Type.Optional(
      Type.Integer({
        title: 'Port',
        description: 'Of the server.',
        minimum: 1,
        maximum: 65535,
        default: 5432,
        examples: [5432],
      }),
    ),
    database: Type.String({
      title: 'Database',
      description: 'Name of the database.',
      minLength: 1,
      maxLength: 63,
      examples: ['erp'],
    }),
    username: Type.String({
      title: 'User name',
      description: 'A role with no more rights than the flow needs.',
      minLength: 1,
      maxLength: 63,
      examples: ['millrace'],
    }),
    password: Type.Optional(Secret(Type.String({ title: 'Password', description: 'Of the role.' }))),
    encryption: Type.Enum(['verified', 'none'], {
      title: 'Encryption',
      description:
        'verified: TLS, and the server’s certificate must be for its name. none: data travels readable; for servers on this machine or in a closed network.',
      default: 'verified',
      examples: ['verified'],
    }),
    certificateAuthority: Type.Optional(
      Type.String({
        title: 'Certificate authority',
        description: 'PEM text of the authority that signed the server’s certificate, where it is not a public one.',
        pattern: '-----BEGIN CERTIFICATE-----',
        maxLength: 100_000,
      }),
    ),
    statementTimeout: Type.Optional(
      Duration({
        title: 'Time limit of a statement',
        description: 'The server ends a statement that takes longer.',
        default: 'PT30S',
        examples: ['PT30S'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type PostgresConfig = Static<typeof PostgresConfig>;
