import { Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { Encoding } from '../text/encoding.ts';

const closed = { additionalProperties: false };

const LineEnding = Type.Enum(['lf', 'crlf'], {
  title: 'Line ending',
  description: 'lf as on Linux, or crlf as on Windows.',
  default: 'lf',
  examples: ['crlf'],
});

const Indent = Type.Boolean({
  title: 'Indent',
  description: 'Written over several lines, for people.',
  default: false,
  examples: [true],
});

const Json = Type.Object(
  { indent: Type.Optional(Indent) },
  { title: 'JSON', description: 'One JSON document; numbers keep all their digits.', ...closed },
);

const JsonLines = Type.Object(
  { lineEnding: Type.Optional(LineEnding) },
  { title: 'JSON lines', description: 'Each item of a list on a line of its own.', ...closed },
);

const Column = Type.Object(
  {
    from: Type.String({
      title: 'Value',
      description: 'Where the value is in a row: names joined by dots.',
      minLength: 1,
      maxLength: 1000,
      examples: ['customer.name'],
    }),
    header: Type.Optional(
      Type.String({
        title: 'Heading',
        description: 'What the column is called in the header; the place of its value where nothing is named.',
        maxLength: 1000,
        examples: ['Customer'],
      }),
    ),
  },
  closed,
);

const Csv = Type.Object(
  {
    columns: Type.Optional(
      Type.Array(Column, {
        title: 'Columns',
        description:
          'The columns from left to right. Without them every field that some row has, in the order in which they come up.',
        minItems: 1,
        maxItems: 2000,
        examples: [[{ from: 'sku' }, { from: 'qty', header: 'Quantity' }]],
      }),
    ),
    header: Type.Optional(
      Type.Boolean({
        title: 'Header',
        description: 'The first row holds the headings of the columns.',
        default: true,
        examples: [true],
      }),
    ),
    delimiter: Type.Optional(
      Type.String({
        title: 'Delimiter',
        description: 'Character between two values.',
        pattern: '^[^"\r\n]$',
        default: ',',
        examples: [';'],
      }),
    ),
    quote: Type.Optional(
      Type.Enum(['needed', 'all'], {
        title: 'Quotes',
        description: 'Around the values that need them, or around all that are not empty.',
        default: 'needed',
        examples: ['all'],
      }),
    ),
    decimalComma: Type.Optional(
      Type.Boolean({
        title: 'Decimal comma',
        description: 'Numbers are written with a comma, such as 12,50; a text stays as it is.',
        default: false,
        examples: [true],
      }),
    ),
    guardFormulas: Type.Optional(
      Type.Boolean({
        title: 'Guard formulas',
        description:
          'For files that people open in a spreadsheet: a text that it would take for a formula (=, +, -, @ in front) gets an apostrophe in front, unless it is a number.',
        default: false,
        examples: [true],
      }),
    ),
    lineEnding: Type.Optional(LineEnding),
  },
  { title: 'CSV', description: 'One row for each item of a list.', ...closed },
);
export type CsvOptions = Static<typeof Csv>;

const Xml = Type.Object(
  {
    root: Type.Optional(
      Type.String({
        title: 'Root element',
        description: 'Stands around the data. Without it the data is an object whose only field is the root element.',
        minLength: 1,
        examples: ['Orders'],
      }),
    ),
    item: Type.Optional(
      Type.String({
        title: 'Item element',
        description: 'The data is a list, and this element stands around each item.',
        minLength: 1,
        examples: ['Order'],
      }),
    ),
    declaration: Type.Optional(
      Type.Boolean({
        title: 'Declaration',
        description: 'The document begins with an XML declaration.',
        default: true,
        examples: [false],
      }),
    ),
    indent: Type.Optional(Indent),
  },
  { title: 'XML', description: 'One XML document.', dependentRequired: { item: ['root'] }, ...closed },
);
export type XmlOptions = Static<typeof Xml>;

const File = Type.Object(
  {
    name: Expression(
      Type.String({
        title: 'Name',
        description: 'What the file is called.',
        minLength: 1,
        maxLength: 255,
        examples: ['{% "orders_" & $dateCompact($now()) & ".csv" %}'],
      }),
    ),
    encoding: Type.Optional(Type.Unsafe<Encoding>({ ...Encoding, default: 'utf-8' })),
    byteOrderMark: Type.Optional(
      Type.Boolean({
        title: 'Byte order mark',
        description:
          'The file begins with this mark; Excel takes it for UTF-8 only then. Without a word utf-16 has it, utf-8 has not.',
        examples: [true],
      }),
    ),
  },
  {
    title: 'As a file',
    description: 'Gives a file, of any length, instead of a text.',
    not: {
      properties: { encoding: { const: 'latin1' }, byteOrderMark: { const: true } },
      required: ['encoding', 'byteOrderMark'],
    },
    ...closed,
  },
);
export type FileOptions = Static<typeof File>;

export const BuildConfig = Type.Object(
  {
    from: Expression(
      Type.Unknown({
        title: 'Data',
        description: 'What is written: data, or a file that holds a list; {% $ %} is the input itself.',
        examples: ['{% $steps.lines %}'],
      }),
    ),
    json: Type.Optional(Json),
    jsonLines: Type.Optional(JsonLines),
    csv: Type.Optional(Csv),
    xml: Type.Optional(Xml),
    file: Type.Optional(File),
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
export type BuildConfig = Static<typeof BuildConfig>;
