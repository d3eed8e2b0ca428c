import type { DocsByName } from '../functions.ts';

export const objectDocs: DocsByName = {
  keys: {
    parameters: 'object',
    summary: 'The names of all fields of an object, or of all objects in a list.',
    example: { expression: '$keys({ "sku": "A", "qty": 2 })', result: ['sku', 'qty'] },
  },
  lookup: {
    parameters: 'object, name',
    summary: 'The field of that name.',
    example: { expression: '$lookup({ "EUR": 2, "JPY": 0 }, "JPY")', result: 0 },
  },
  merge: {
    parameters: 'objects',
    summary: 'One object with the fields of all; of fields with one name the last one counts.',
    example: { expression: '$merge([{ "a": 1 }, { "b": 2 }])', result: { a: 1, b: 2 } },
  },
  spread: {
    parameters: 'object',
    summary: 'A list of objects with one field each.',
    example: { expression: '$spread({ "a": 1, "b": 2 })', result: [{ a: 1 }, { b: 2 }] },
  },
  each: {
    parameters: 'object, function',
    summary: 'What the function answers for each field: for its value and its name.',
    example: {
      expression: '$each({ "a": 1, "b": 2 }, function($value, $name) { $name & $value })',
      result: ['a1', 'b2'],
    },
  },
  sift: {
    parameters: 'object, function?',
    summary: 'The object with the fields that the function holds for.',
    example: { expression: '$sift({ "a": 1, "b": 2 }, function($value) { $value > 1 })', result: { b: 2 } },
  },
  clone: {
    parameters: 'value',
    summary: 'A copy of an object or list.',
    example: { expression: '$clone({ "a": 1 })', result: { a: 1 } },
  },
};
