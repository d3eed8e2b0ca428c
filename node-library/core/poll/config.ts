import { Duration, Expression, JsonataText } from '@millrace/contract';
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false };
const Parameter = (description: string, example: string) =>
  Type.String({ title: 'Parameter', description, minLength: 1, maxLength: 100, examples: [example] });
const Scalar = Type.Union([Type.String({ maxLength: 2000 }), Type.Number()]);

const Cursor = Type.Object(
  {
    parameter: Parameter('Query parameter that tells the other system how far was read.', 'changed_since'),
    next: JsonataText({
      title: 'Next cursor',
      description:
        'Asked after every page of { status, headers, body, items, cursor }; cursor is what it gave for the page before. Nothing leaves it as it is.',
      examples: ['$sort(items.changed_at)[-1]'],
    }),
    start: Type.Optional(
      Expression({
        ...Scalar,
        title: 'Start',
        description: 'Cursor of the very first poll; left empty, the parameter is not sent then.',
        examples: ['2026-01-01T00:00:00Z'],
      }),
    ),
    firstPoll: Type.Optional(
      Type.Enum(['everything', 'now'], {
        title: 'First poll',
        description:
          'everything: what is there already starts runs too. now: only what comes after the first poll does.',
        default: 'everything',
        examples: ['now'],
      }),
    ),
  },
  {
    title: 'Cursor',
    description: 'How only what is new is asked for. Left out, everything is read again at every poll.',
    ...closed,
    examples: [{ parameter: 'changed_since', next: '$sort(items.changed_at)[-1]' }],
  },
);

const Paging = Type.Union(
  [
    Type.Object(
      {
        by: Type.Literal('link', { title: 'Link', description: 'The answer names the next page.' }),
        next: JsonataText({
          title: 'Next page',
          description: 'Address of the next page, out of { status, headers, body, items }; nothing on the last one.',
          examples: ['body.next'],
        }),
      },
      closed,
    ),
    Type.Object(
      {
        by: Type.Literal('page', { title: 'Page number', description: 'Until a page is empty.' }),
        parameter: Parameter('Query parameter with the number of the page.', 'page'),
        first: Type.Optional(
          Type.Integer({
            title: 'First page',
            description: 'Number of the first page.',
            minimum: 0,
            maximum: 1,
            default: 1,
            examples: [1],
          }),
        ),
      },
      closed,
    ),
    Type.Object(
      {
        by: Type.Literal('offset', { title: 'Offset', description: 'Until a page is empty.' }),
        parameter: Parameter('Query parameter with the number of items to leave out.', 'offset'),
      },
      closed,
    ),
  ],
  {
    title: 'Paging',
    description: 'How what does not fit into one answer is read. Left out, there is one answer.',
    examples: [{ by: 'page', parameter: 'page' }],
  },
);

export const PollConfig = Type.Object(
  {
    url: Expression(
      Type.String({
        title: 'Address',
        description: 'Absolute address; with a connection what follows its base address.',
        maxLength: 8000,
        examples: ['https://erp.example.com/api/orders'],
      }),
    ),
    query: Type.Optional(
      Type.Record(Type.String(), Expression(Type.Union([Type.String(), Type.Number(), Type.Boolean()])), {
        title: 'Query',
        description: 'Parameters of every request.',
        examples: [{ status: 'approved', limit: 100 }],
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Expression(Type.String()), {
        title: 'Headers',
        description: 'Headers of every request.',
        examples: [{ Accept: 'application/json' }],
      }),
    ),
    every: Type.Optional(
      Duration({ title: 'Every', description: 'Pause between two polls.', default: 'PT1M', examples: ['PT5M'] }),
    ),
    items: Type.Optional(
      JsonataText({
        title: 'Items',
        description: 'The items of an answer, out of { status, headers, body }; left empty, the body.',
        examples: ['body.orders'],
      }),
    ),
    eventId: Type.Optional(
      JsonataText({
        title: 'Event id',
        description: 'What names one item, or one page: the same is taken once. Left empty, its whole content.',
        examples: ['id & "/" & changed_at'],
      }),
    ),
    runs: Type.Optional(
      Type.Enum(['item', 'page'], {
        title: 'Runs',
        description: 'One run for each item, or one for each page with the list of its items.',
        default: 'item',
        examples: ['item'],
      }),
    ),
    cursor: Type.Optional(Cursor),
    paging: Type.Optional(Paging),
    maxPages: Type.Optional(
      Type.Integer({
        title: 'Most pages',
        description: 'Pages in one poll; beyond it the poll fails, as paging that does not end is a mistake.',
        minimum: 1,
        maximum: 10_000,
        default: 1000,
        examples: [1000],
      }),
    ),
    timeout: Type.Optional(
      Duration({
        title: 'Time limit',
        description: 'Longest time for one request with its answer.',
        default: 'PT30S',
        examples: ['PT30S'],
      }),
    ),
  },
  closed,
);
export type PollConfig = Static<typeof PollConfig>;
