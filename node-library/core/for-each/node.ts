import {
  AnyJson,
  defineNode,
  Expression,
  each,
  Failure,
  isBlobRef,
  type Json,
  MillraceError,
} from '@millrace/contract';
import Type from 'typebox';

const Config = Type.Object(
  {
    items: Expression(
      Type.Unknown({
        title: 'Items',
        description: 'A list, or a file that holds one; {% $ %} is the input itself.',
        examples: ['{% order.lines %}'],
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        title: 'At once',
        description: 'How many items are under way at the same time; 1 keeps the order of what the body does, too.',
        minimum: 1,
        maximum: 64,
        default: 1,
        examples: [8],
      }),
    ),
    onItemError: Type.Optional(
      Type.Enum(['stop', 'continue'], {
        title: 'When an item fails',
        description:
          'stop: no further item begins, and the step fails with the error. continue: the others go on, and the step leaves through “partial”.',
        default: 'stop',
        examples: ['continue'],
      }),
    ),
  },
  { additionalProperties: false },
);

const Results = Type.Array(AnyJson, { description: 'What the body gave for each item, in the order of the items.' });

const Partial = Type.Object({
  results: Type.Array(AnyJson, { description: 'As on “out”, with null for each item that failed.' }),
  errors: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'Place of the item, from 0.' }),
      error: Type.Object({ category: Type.String(), code: Type.String(), message: Type.String() }),
    }),
    { description: 'What went wrong with which item, in the order of the items.' },
  ),
});

export default defineNode({
  id: 'core/for-each',
  version: 1,
  title: 'For each',
  summary: 'Runs its body once for every item of a list, and gives the list of the results.',
  docs: `The nodes of the body name this node as their parent; the body begins with those that no edge leads to, and what its
last node gives is the result for the item. In the body \`$\` and \`$item\` are the item and \`$index\` is its place from 0.

The list may be of any length: a file that holds it is read as the items go along. A long list of results is a file as
well.`,
  icon: 'repeat',
  config: Config,
  input: AnyJson,
  body: true,
  outputs: { out: Results, partial: Failure('ITEMS_FAILED', Partial) },
  effect: 'pure',
  examples: [
    {
      title: 'What is no list has no items',
      config: { items: '{% order %}', concurrency: 8, onItemError: 'continue' },
      input: { order: { id: 'D-1001' } },
      expect: { error: 'NOT_A_LIST' },
    },
  ],
  run(_input, { items, concurrency = 1, onItemError = 'stop' }) {
    return each({ items: listOf(items as Json), concurrency, onItemError });
  },
});

function listOf(items: Json) {
  if (Array.isArray(items) || isBlobRef(items)) return items;
  throw new MillraceError('NOT_A_LIST', 'This is neither a list nor a file that holds one.', {
    pointer: '/config/items',
  });
}
