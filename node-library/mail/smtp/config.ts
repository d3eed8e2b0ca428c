import { Secret } from '@millrace/contract';
import Type, { type Static } from 'typebox';

export const SmtpConfig = Type.Object(
  {
    host: Type.String({
      title: 'Host',
      description: 'Name or address of the mail server that takes outgoing messages.',
      minLength: 1,
      maxLength: 255,
      examples: ['smtp.example.com'],
    }),
    port: Type.Optional(
      Type.Integer({
        title: 'Port',
        description: 'Left empty: 465 for TLS, 587 for STARTTLS, 25 without encryption.',
        minimum: 1,
        maximum: 65535,
        examples: [587],
      }),
    ),
    security: Type.Enum(['tls', 'starttls', 'none'], {
      title: 'Encryption',
      description:
        'tls: from the first byte. starttls: begins in clear and must switch before anything is said. none: only to a server on this machine.',
      default: 'starttls',
      examples: ['starttls'],
    }),
    username: Type.Optional(
      Type.String({
        title: 'User name',
        description: 'Left empty where the server asks for none.',
        minLength: 1,
        maxLength: 320,
        examples: ['millrace@example.com'],
      }),
    ),
    password: Type.Optional(Secret(Type.String({ title: 'Password', description: 'Goes with the user name.' }))),
    from: Type.String({
      title: 'Sender',
      description: 'Address in whose name messages are sent, with or without a display name.',
      minLength: 3,
      maxLength: 500,
      examples: ['Orders <orders@example.com>'],
    }),
    certificateAuthority: Type.Optional(
      Type.String({
        title: 'Certificate authority',
        description: 'PEM text of the authority that signed the server’s certificate, where it is not a public one.',
        pattern: '-----BEGIN CERTIFICATE-----',
        maxLength: 100_000,
      }),
    ),
  },
  { additionalProperties: false },
);
export type SmtpConfig = Static<typeof SmtpConfig>;

export type Security = SmtpConfig['security'];

const ports: Readonly<Record<Security, number>> = { tls: 465, starttls: 587, none: 25 };

export function portOf({ port, security }: Pick<SmtpConfig, 'port' | 'security'>): number {
  return port ?? ports[security];
}
