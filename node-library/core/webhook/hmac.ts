import { createHmac } from 'node:crypto';
import { Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';

const HeaderName = (title: string, description: string, example: string) =>
  Type.String({
    title,
    description,
    pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
    maxLength: 100,
    examples: [example],
  });

/** How a body is signed: what the sender's manual says of its signature, field by field. */
export const HmacFields = {
  scheme: Type.Literal('hmac', { title: 'HMAC', description: 'A keyed hash of the raw body in a header.' }),
  header: HeaderName('Header', 'Header that carries the signature.', 'X-ERP-Signature'),
  algorithm: Type.Optional(
    Type.Enum(['sha256', 'sha1', 'sha512'], {
      title: 'Algorithm',
      description: 'Hash function of the HMAC.',
      default: 'sha256',
      examples: ['sha256'],
    }),
  ),
  encoding: Type.Optional(
    Expression(
      Type.Enum(['hex', 'base64'], {
        title: 'Encoding',
        description: 'How the signature is written.',
        default: 'hex',
        examples: ['hex'],
      }),
    ),
  ),
  prefix: Type.Optional(
    Type.String({
      title: 'Prefix',
      description: 'Text in front of the signature.',
      maxLength: 50,
      examples: ['sha256='],
    }),
  ),
  timestamp: Type.Optional(
    Type.Object(
      {
        header: HeaderName('Header', 'Header with the time of sending, in seconds since 1970.', 'X-ERP-Timestamp'),
        signed: Type.Optional(
          Type.String({
            title: 'What is signed',
            description: 'How time and body are joined before they are signed.',
            pattern: '^[^{}]*(?:\\{timestamp\\}[^{}]*\\{body\\}|\\{body\\}[^{}]*\\{timestamp\\})[^{}]*$',
            maxLength: 100,
            default: '{timestamp}.{body}',
            examples: ['v0:{timestamp}:{body}'],
          }),
        ),
      },
      {
        title: 'Timestamp',
        description: 'Where the time of sending is signed too, so that what was overheard cannot be sent again later.',
        additionalProperties: false,
        examples: [{ header: 'X-ERP-Timestamp' }],
      },
    ),
  ),
};
const HmacScheme = Type.Object(HmacFields);
export type HmacScheme = Static<typeof HmacScheme>;

/**
 * The signature's bytes.
 * @param body as it is sent, byte for byte
 * @param timestamp as it stands in its header; not used where the scheme has none
 */
export function hmacOf(scheme: HmacScheme, secret: string, body: Uint8Array, timestamp: string): Buffer {
  const hmac = createHmac(scheme.algorithm ?? 'sha256', secret);
  const template = scheme.timestamp ? (scheme.timestamp.signed ?? '{timestamp}.{body}') : '{body}';
  for (const part of template.split(/(\{timestamp\}|\{body\})/)) {
    if (part === '{body}') hmac.update(body);
    else hmac.update(part === '{timestamp}' ? timestamp : part);
  }
  return hmac.digest();
}

/** The headers that a signed request carries. */
export function hmacHeaders(
  scheme: HmacScheme,
  secret: string,
  body: Uint8Array,
  timestamp: string,
): Record<string, string> {
  const signature = hmacOf(scheme, secret, body, timestamp).toString(scheme.encoding ?? 'hex');
  return {
    [scheme.header]: `${scheme.prefix ?? ''}${signature}`,
    ...(scheme.timestamp && { [scheme.timestamp.header]: timestamp }),
  };
}
