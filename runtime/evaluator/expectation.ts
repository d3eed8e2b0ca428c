import type { ErrorObject } from 'ajv';

/** One sentence that says what a keyword of the schema expects; values of the data are not in it. */
export function expectation({ keyword, params }: ErrorObject): string {
  const say = sentences[keyword];
  return say ? say(params) : `The rule “${keyword}” of the schema is not kept.`;
}

// biome-ignore lint/suspicious/noExplicitAny: each keyword has parameters of its own, given by ajv
type Parameters = Record<string, any>;

const sentences: Readonly<Record<string, (params: Parameters) => string>> = {
  required: ({ missingProperty }) => `“${missingProperty}” is required.`,
  dependentRequired: ({ missingProperty, property }) =>
    `“${missingProperty}” is required where “${property}” is given.`,
  dependencies: ({ missingProperty, property }) => `“${missingProperty}” is required where “${property}” is given.`,
  type: ({ type }) => `${sentenceStart([type].flat().map(typeName).join(' or '))} is expected.`,
  enum: ({ allowedValues }) => `One of ${listed(allowedValues)} is expected.`,
  const: ({ allowedValue }) => `${JSON.stringify(allowedValue)} is expected.`,
  pattern: ({ pattern }) => `Text that matches ${pattern} is expected.`,
  format: ({ format }) => `Text in the format “${format}” is expected.`,
  additionalProperties: ({ additionalProperty }) => `A field “${additionalProperty}” is not known here.`,
  unevaluatedProperties: ({ unevaluatedProperty }) => `A field “${unevaluatedProperty}” is not known here.`,
  propertyNames: () => 'A field has a name that is not allowed.',
  minimum: ({ limit }) => `A number of at least ${limit} is expected.`,
  maximum: ({ limit }) => `A number of at most ${limit} is expected.`,
  exclusiveMinimum: ({ limit }) => `A number above ${limit} is expected.`,
  exclusiveMaximum: ({ limit }) => `A number below ${limit} is expected.`,
  multipleOf: ({ multipleOf }) => `A multiple of ${multipleOf} is expected.`,
  minLength: ({ limit }) => `Text of at least ${counted(limit, 'character')} is expected.`,
  maxLength: ({ limit }) => `Text of at most ${counted(limit, 'character')} is expected.`,
  minItems: ({ limit }) => `A list of at least ${counted(limit, 'item')} is expected.`,
  maxItems: ({ limit }) => `A list of at most ${counted(limit, 'item')} is expected.`,
  additionalItems: ({ limit }) => `A list of at most ${counted(limit, 'item')} is expected.`,
  unevaluatedItems: ({ len }) => `A list of at most ${counted(len, 'item')} is expected.`,
  minProperties: ({ limit }) => `An object of at least ${counted(limit, 'field')} is expected.`,
  maxProperties: ({ limit }) => `An object of at most ${counted(limit, 'field')} is expected.`,
  uniqueItems: () => 'A list whose items all differ is expected.',
  contains: ({ minContains }) =>
    `A list with at least ${counted(minContains, 'item')} of the described kind is expected.`,
  anyOf: () => 'None of the shapes that are allowed here fits.',
  oneOf: () => 'Exactly one of the shapes that are allowed here must fit.',
  not: () => 'A shape that is not allowed here was found.',
  'false schema': () => 'Nothing is allowed here.',
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function typeName(type: string): string {
  return typeNames[type] ?? type;
}

function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, 10).map((value) => JSON.stringify(value));
  return values.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
