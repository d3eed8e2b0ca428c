import { Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { ListForm } from '../list/collect.ts';
import { Encoding } from '../text/encoding.ts';

const closed = { additionalProperties: false };

const Json = Type.Object(
  {
    list: Type.Optional(
      Type.String({
        title: 'List at',
        description:
          'Names that lead to a list, joined by dots; empty where the document is the list. Only its items are given, read one by one, however large the document is. Without it the whole document is given.',
        examples: ['data.orders'],
      }),
    ),
    as: Type.Optional(ListForm),
  },
  { title: 'JSON', description: 'The text is one JSON document.', dependentRequired: { as: ['list'] }, ...closed },
);

const JsonLines = Type.Object(
  { as: Type.Optional(ListForm) },
  { title: 'JSON lines', description: 'Each line is a JSON value; blank lines are left out.', ...closed },
);

const Csv = Type.Object(
  {
    delimiter: Type.Optional(
      Type.String({
        title: 'Delimiter',
        description: 'Character between two values.',
        minLength: 1,
        maxLength: 1,
        default: ',',
        examples: [';'],
      }),
    ),
    quote: Type.Optional(
      Type.Enum(['"', "'", 'none'], {
        title: 'Quote',
        description: 'Character around values that hold delimiters or line ends; none where it means nothing.',
        default: '"',
        examples: ['"'],
      }),
    ),
    header: Type.Optional(
      Type.Boolean({
        title: 'Header',
        description: 'The first row holds the names of the columns.',
        default: true,
        examples: [true],
      }),
    ),
    columns: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        title: 'Columns',
        description:
          'Names of the columns from left to right, instead of those in the header. With neither, each row is a list of its values.',
        minItems: 1,
        maxItems: 2000,
        uniqueItems: true,
        examples: [['sku', 'qty']],
      }),
    ),
    trim: Type.Optional(
      Type.Boolean({
        title: 'Trim',
        description: 'Blanks around values that are not quoted are dropped.',
        default: false,
        examples: [true],
      }),
    ),
    numbers: Type.Optional(
      Type.Array(Type.String(), {
        title: 'Numbers',
        description:
          'Columns whose values become numbers, exact to the last digit; an empty one is left out. All other values stay text.',
        uniqueItems: true,
        examples: [['qty', 'price']],
      }),
    ),
    decimalComma: Type.Optional(
      Type.Boolean({
        title: 'Decimal comma',
        description: 'Numbers are written with a comma, such as 12,50.',
        examples: [true],
      }),
    ),
    as: Type.Optional(ListForm),
  },
  {
    title: 'CSV',
    description: 'Rows of values; lines that are empty are left out.',
    dependentRequired: { decimalComma: ['numbers'] },
    ...closed,
  },
);
export type CsvOptions = Static<typeof Csv>;

const Xml = Type.Object({}, { title: 'XML', description: 'The text is one XML document.', ...closed });

export const ParseConfig = Type.Object(
  {
    from: Expression(
      Type.Unknown({
        title: 'Text or file',
        description: 'What is parsed; {% $ %} is the input itself.',
        examples: ['{% body %}'],
      }),
    ),
    json: Type.Optional(Json),
    jsonLines: Type.Optional(JsonLines),
    csv: Type.Optional(Csv),
    xml: Type.Optional(Xml),
    encoding: Type.Optional(
      Type.Unsafe<Encoding>({
        ...Encoding,
        description:
          'How the characters of a file are written: utf-8, latin1 (ISO 8859-1) or utf-16. Without it what the file says of itself, otherwise utf-8. A text has no encoding.',
      }),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [
      { title: 'JSON', required: ['json'] },
      { title: 'JSON lines', required: ['jsonLines'] },
      { title: 'CSV', required: ['csv'] },
      { title: 'XML', required: ['xml'] },
    ],
  },
);
export type ParseConfig = Static<typeof ParseConfig>;
