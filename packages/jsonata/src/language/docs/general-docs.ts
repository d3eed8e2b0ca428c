import type { DocsByName } from '../functions.ts';

export const generalDocs: DocsByName = {
  boolean: {
    parameters: 'value',
    summary: 'Whether the value holds: not 0, empty, null or a list of such.',
    example: { expression: '$boolean("")', result: false },
  },
  not: {
    parameters: 'value',
    summary: 'The opposite of $boolean.',
    example: { expression: '$not(1 > 2)', result: true },
  },
  exists: {
    parameters: 'value',
    summary: 'Whether there is a value, be it empty, null or 0.',
    example: { expression: '$exists(vat)', input: { vat: null }, result: true },
  },
  type: {
    parameters: 'value',
    summary: 'What the value is: "string", "number", "boolean", "null", "array", "object" or "function".',
    example: { expression: '$type([1])', result: 'array' },
  },
  error: {
    parameters: 'message?',
    summary: 'Ends the evaluation with a message.',
    example: {
      expression: 'qty > 0 ? qty : $error("The quantity must be greater than 0.")',
      input: { qty: 2 },
      result: 2,
    },
  },
  assert: {
    parameters: 'condition, message?',
    summary: 'Ends the evaluation with a message where the condition does not hold.',
    example: { expression: '($assert(qty > 0, "No quantity."); qty)', input: { qty: 2 }, result: 2 },
  },
  eval: {
    parameters: 'text, input?',
    summary: 'Evaluates text as an expression, where the host allows that.',
    example: { expression: '$eval("1 + 1")', result: 2 },
  },
  now: {
    parameters: 'picture?, zone?',
    summary: 'The time of the evaluation, as ISO 8601 text unless a picture says otherwise.',
    example: { expression: '$length($now())', result: 24 },
  },
  millis: {
    parameters: '',
    summary: 'The time of the evaluation in milliseconds since 1970.',
    example: { expression: '$millis() > 0', result: true },
  },
  fromMillis: {
    parameters: 'milliseconds, picture?, zone?',
    summary: 'A time given in milliseconds since 1970, as ISO 8601 text unless a picture says otherwise.',
    example: { expression: '$fromMillis(0, "[D01].[M01].[Y0001]")', result: '01.01.1970' },
  },
  toMillis: {
    parameters: 'text, picture?',
    summary: 'The milliseconds since 1970 of a time, written as ISO 8601 or by a picture.',
    example: { expression: '$toMillis("1970-01-02T00:00:00Z")', result: 86_400_000 },
  },
};
