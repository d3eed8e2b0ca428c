import type { DocsByName } from '../functions.ts';

export const numberDocs: DocsByName = {
  number: {
    parameters: 'value?',
    summary: 'Text or a truth value as a number; fails where the text is none.',
    example: { expression: '$number("12.50")', result: 12.5 },
  },
  abs: {
    parameters: 'number',
    summary: 'The number without its sign.',
    example: { expression: '$abs(-3)', result: 3 },
  },
  floor: {
    parameters: 'number',
    summary: 'The next whole number below.',
    example: { expression: '$floor(2.7)', result: 2 },
  },
  ceil: {
    parameters: 'number',
    summary: 'The next whole number above.',
    example: { expression: '$ceil(2.1)', result: 3 },
  },
  round: {
    parameters: 'number, digits?',
    summary: 'Rounded to so many digits behind the point, a half to the even side; for money see $moneyRound.',
    example: { expression: '$round(2.345, 1)', result: 2.3 },
  },
  power: {
    parameters: 'base, exponent',
    summary: 'The base to the power of the exponent.',
    example: { expression: '$power(2, 10)', result: 1024 },
  },
  sqrt: {
    parameters: 'number',
    summary: 'The square root.',
    example: { expression: '$sqrt(144)', result: 12 },
  },
  random: {
    parameters: '',
    summary: 'A number from 0 up to, but not including, 1.',
    example: { expression: '$random() < 1', result: true },
  },
  sum: {
    parameters: 'numbers',
    summary: 'The sum of a list of numbers; 0 where it is empty.',
    example: { expression: '$sum([1, 2, 3])', result: 6 },
  },
  max: {
    parameters: 'numbers',
    summary: 'The greatest number of a list.',
    example: { expression: '$max([1, 7, 3])', result: 7 },
  },
  min: {
    parameters: 'numbers',
    summary: 'The smallest number of a list.',
    example: { expression: '$min([4, 7, 3])', result: 3 },
  },
  average: {
    parameters: 'numbers',
    summary: 'The mean of a list of numbers.',
    example: { expression: '$average([1, 2, 6])', result: 3 },
  },
  formatNumber: {
    parameters: 'number, picture, options?',
    summary: 'The number as text by a picture: # is a digit that may be missing, 0 one that is always there.',
    example: { expression: '$formatNumber(1234.5, "#,##0.00")', result: '1,234.50' },
  },
  formatBase: {
    parameters: 'number, base?',
    summary: 'The number as text in another base.',
    example: { expression: '$formatBase(255, 16)', result: 'ff' },
  },
  formatInteger: {
    parameters: 'number, picture',
    summary: 'A whole number as text by a picture: w are words, I roman numerals, 000 digits.',
    example: { expression: '$formatInteger(7, "000")', result: '007' },
  },
  parseInteger: {
    parameters: 'text, picture',
    summary: 'The whole number that a text says, written by the picture.',
    example: { expression: '$parseInteger("twelve", "w")', result: 12 },
  },
};
