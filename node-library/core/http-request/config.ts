import { Duration, Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { knownFileTypes } from './file-type.ts';

export const HttpRequestConfig = Type.Object(
  {
    method: Type.Optional(
      Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], {
        title: 'Method',
        description: 'GET and HEAD read; the others write and carry an idempotency key.',
        default: 'GET',
        examples: ['POST'],
      }),
    ),
    url: Expression(
      Type.String({
        title: 'Address',
        description:
          'Absolute http or https address, without user name and password; with a connection what follows its base address.',
        minLength: 1,
        maxLength: 8000,
        examples: ['https://erp.example.com/api/orders'],
      }),
    ),
    elsewhere: Type.Optional(
      Type.Boolean({
        title: 'Addresses elsewhere',
        description:
          'An address that does not lie below that of the connection is called without its login, instead of being refused: a file that an answer points to.',
        default: false,
        examples: [true],
      }),
    ),
    query: Type.Optional(
      Type.Record(Type.String(), Expression(Type.Union([Type.String(), Type.Number(), Type.Boolean()])), {
        title: 'Query',
        description:
          'Parameters appended to the address, encoded as needed; one whose expression gives nothing is left out.',
        examples: [{ status: 'open', limit: 50 }],
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Expression(Type.String()), {
        title: 'Headers',
        description: 'Request headers; one whose expression gives nothing is left out.',
        examples: [{ Accept: 'application/json' }],
      }),
    ),
    body: Type.Optional(
      Expression(
        Type.Unknown({
          title: 'Body',
          description: 'Text is sent as it is, anything else as JSON. Left out, nothing is sent.',
          examples: ['{% $ %}'],
        }),
      ),
    ),
    timeout: Type.Optional(
      Duration({
        title: 'Time limit',
        description: 'Longest time for the request with its whole answer.',
        default: 'PT30S',
        examples: ['PT30S'],
      }),
    ),
    as: Type.Optional(
      Type.Enum(['data', 'file'], {
        title: 'Answer as',
        description:
          'data: read and parsed. file: kept in the payload store as it comes, of any length; the body is the file.',
        default: 'data',
        examples: ['file'],
      }),
    ),
    maxMegabytes: Type.Optional(
      Expression(
        Type.Integer({
          title: 'Largest answer',
          description:
            'In MB; a larger one fails the step. As data at most 50, and 10 where left out; as a file what the payload store keeps.',
          minimum: 1,
          maximum: 100_000,
          examples: [10],
        }),
      ),
    ),
    fileTypes: Type.Optional(
      Type.Array(Type.Enum(knownFileTypes), {
        title: 'Kinds of file',
        description:
          'Media types that a file may have, by its header and by its first bytes; any where none is listed.',
        minItems: 1,
        uniqueItems: true,
        examples: [['image/jpeg', 'image/png']],
      }),
    ),
    expect: Type.Optional(
      Type.Array(Type.Integer({ minimum: 200, maximum: 599 }), {
        title: 'Expected statuses',
        description: 'Statuses that count as success; every status from 200 to 299 where none is listed.',
        minItems: 1,
        maxItems: 20,
        examples: [[200, 404]],
      }),
    ),
    idempotencyHeader: Type.Optional(
      Type.String({
        title: 'Idempotency header',
        description: 'Header that carries the key by which the other side recognises a repeated write.',
        pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        maxLength: 100,
        default: 'Idempotency-Key',
        examples: ['Idempotency-Key'],
      }),
    ),
    whenUnknown: Type.Optional(
      Type.Enum(['retry', 'fail'], {
        title: 'When the outcome is unknown',
        description:
          'A write may have arrived although its answer was lost. retry: send it again with the same key. fail: stop with OUTCOME_UNKNOWN, for somebody to look.',
        default: 'retry',
        examples: ['retry'],
      }),
    ),
  },
  {
    additionalProperties: false,
    if: { properties: { as: { const: 'file' } }, required: ['as'] },
    else: { properties: { maxMegabytes: { maximum: 50 }, fileTypes: false } },
  },
);
export type HttpRequestConfig = Static<typeof HttpRequestConfig>;
