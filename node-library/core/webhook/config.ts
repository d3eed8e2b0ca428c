import { Duration, Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { HmacFields } from './hmac.ts';

const closed = { additionalProperties: false };

const tolerance = Type.Optional(
  Expression(
    Type.Integer({
      title: 'Tolerance',
      description: 'Seconds by which the time of sending may differ from ours.',
      minimum: 1,
      maximum: 86_400,
      default: 300,
      examples: [300],
    }),
  ),
);

const bodyTime = Type.Optional(
  Type.Object(
    {
      field: Type.String({
        title: 'Field',
        description: 'Field of the JSON body with an ISO 8601 date-time, with a dot for each level.',
        pattern: '^[^.$][^.]*(\\.[^.]+)*$',
        maxLength: 200,
        examples: ['timestamp'],
      }),
      repeatedFor: Type.Optional(
        Expression(
          Duration({
            title: 'Repeated for',
            description: 'How long the sender repeats an event as it is: so much older than the tolerance it may be.',
            default: 'PT0S',
            examples: ['P1D'],
          }),
        ),
      ),
    },
    {
      title: 'Time in the body',
      description: 'Where no header tells the time of sending, but the signed body does.',
      additionalProperties: false,
      examples: [{ field: 'timestamp' }],
    },
  ),
);

const Signature = Type.Union(
  [
    Type.Object({ scheme: Type.Literal('none', { title: 'None', description: 'Everybody may send.' }) }, closed),
    Type.Object({ ...HmacFields, bodyTime, tolerance }, closed),
    Type.Object(
      {
        scheme: Type.Literal('standard-webhooks', {
          title: 'Standard Webhooks',
          description: 'Standard Webhooks 1.0.0; the id that it signs is the event id.',
        }),
        tolerance,
      },
      closed,
    ),
    Type.Object(
      { scheme: Type.Literal('bearer', { title: 'Bearer', description: 'The secret as a bearer token.' }) },
      closed,
    ),
    Type.Object(
      {
        scheme: Type.Literal('header', { title: 'Key in a header', description: 'The secret itself in a header.' }),
        header: Type.String({
          title: 'Header',
          description: 'Header that carries the secret.',
          pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
          maxLength: 100,
          examples: ['X-Api-Key'],
        }),
      },
      closed,
    ),
    Type.Object(
      {
        scheme: Type.Literal('basic', { title: 'Basic', description: 'User name and password.' }),
        username: Type.String({
          title: 'User name',
          description: 'Goes with the secret as password.',
          pattern: '^[^:]*$',
          maxLength: 200,
          examples: ['erp'],
        }),
      },
      closed,
    ),
  ],
  {
    title: 'Signature',
    description: 'How the sender proves who it is; every way but “none” needs the connection with the secret.',
    default: { scheme: 'none' },
    examples: [{ scheme: 'hmac', header: 'X-ERP-Signature' }],
  },
);
export type Signature = Static<typeof Signature>;

/** One or more segments of plain characters (never `.` or `..`) or parameters, none named twice. */
const pathPattern =
  '^(?!(?:.*/)?(:\\w+)/(?:.*/)?\\1(?:/|$))(?:(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]+|:[A-Za-z]\\w*)' +
  '(?:/(?:(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]+|:[A-Za-z]\\w*))*$';

/** Configs by which everybody may send: all others need a secret to check by. */
export const OpenToAll = Type.Object({
  signature: Type.Optional(Type.Object({ scheme: Type.Literal('none') })),
});

export const WebhookConfig = Type.Object(
  {
    path: Type.String({
      title: 'Path',
      description:
        'Last part of the address: letters, digits, - _ and . between slashes. A part such as :id stands for any value.',
      pattern: pathPattern,
      maxLength: 200,
      examples: ['orders/approved', 'orders/:id/status'],
    }),
    method: Type.Optional(
      Type.Enum(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'], {
        title: 'Method',
        description: 'HTTP method with which the sender calls; with GET the data is what stands in the query.',
        default: 'POST',
        examples: ['POST'],
      }),
    ),
    signature: Type.Optional(Signature),
    accepts: Type.Optional(
      Type.Array(Type.Enum(['json', 'text', 'xml', 'form', 'multipart', 'binary']), {
        title: 'Accepted bodies',
        description:
          'json; text and xml arrive as text; form as an object of texts; multipart likewise, with files; binary as a file.',
        minItems: 1,
        uniqueItems: true,
        default: ['json'],
        examples: [['json', 'xml']],
      }),
    ),
    eventId: Type.Optional(
      Expression(
        Type.String({
          title: 'Event id',
          description: 'What tells one event from another in the data; the same id is processed once.',
          minLength: 1,
          maxLength: 500,
          examples: ['{% event_id %}'],
        }),
      ),
    ),
    answer: Type.Optional(
      Type.Enum(['accepted', 'checked', 'respond'], {
        title: 'Answer',
        description:
          'accepted: 202 at once. checked: 422 with every problem when the first checks refuse the data, otherwise 202. respond: what a node “Respond” of the flow says.',
        default: 'checked',
        examples: ['checked'],
      }),
    ),
    dataErrors: Type.Optional(
      Type.Enum(['specific', 'bad-request'], {
        title: 'Answer to wrong data',
        description:
          'specific: 413, 415 or 422 where one of them says more. bad-request: 400 whatever is wrong, for a sender that knows no other.',
        default: 'specific',
        examples: ['bad-request'],
      }),
    ),
    respondSeconds: Type.Optional(
      Type.Integer({
        title: 'Longest wait',
        description: 'Seconds after which the sender gets 202, when the checks or the flow have not answered yet.',
        minimum: 1,
        maximum: 60,
        default: 10,
        examples: [10],
      }),
    ),
  },
  { additionalProperties: false },
);
