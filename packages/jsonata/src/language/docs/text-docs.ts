import type { DocsByName } from '../functions.ts';

export const textDocs: DocsByName = {
  string: {
    parameters: 'value?, indented?',
    summary: 'The value as text; of lists and objects their JSON.',
    example: { expression: '$string([1, "a"])', result: '[1,"a"]' },
  },
  length: {
    parameters: 'text',
    summary: 'How many characters the text has.',
    example: { expression: '$length("Öl")', result: 2 },
  },
  substring: {
    parameters: 'text, start, length?',
    summary: 'The part of the text from a place on, counted from 0, or from the end where it is negative.',
    example: { expression: '$substring("PO-4711", 3, 2)', result: '47' },
  },
  substringBefore: {
    parameters: 'text, separator',
    summary: 'The text before the first separator, or all of it where there is none.',
    example: { expression: '$substringBefore("2026-11-21", "-")', result: '2026' },
  },
  substringAfter: {
    parameters: 'text, separator',
    summary: 'The text behind the first separator, or all of it where there is none.',
    example: { expression: '$substringAfter("PO-4711", "-")', result: '4711' },
  },
  uppercase: {
    parameters: 'text',
    summary: 'The text in capital letters.',
    example: { expression: '$uppercase("sek")', result: 'SEK' },
  },
  lowercase: {
    parameters: 'text',
    summary: 'The text in small letters.',
    example: { expression: '$lowercase("SEK")', result: 'sek' },
  },
  trim: {
    parameters: 'text',
    summary: 'The text without white space at its ends, and with single spaces within.',
    example: { expression: '$trim("  Muster   GmbH ")', result: 'Muster GmbH' },
  },
  pad: {
    parameters: 'text, width, characters?',
    summary: 'The text filled up to a width: on the right, or on the left where the width is negative.',
    example: { expression: '$pad("42", -6, "0")', result: '000042' },
  },
  contains: {
    parameters: 'text, pattern',
    summary: 'Whether the text holds another text or a match of a regular expression.',
    example: { expression: '$contains("PO-4711", /[0-9]{4}/)', result: true },
  },
  split: {
    parameters: 'text, separator, limit?',
    summary: 'The parts of the text between a separating text or the matches of a regular expression, as a list.',
    example: { expression: '$split("a;b;c", ";")', result: ['a', 'b', 'c'] },
  },
  join: {
    parameters: 'texts, separator?',
    summary: 'All texts of a list as one, with a separator in between.',
    example: { expression: '$join(["a", "b"], ", ")', result: 'a, b' },
  },
  match: {
    parameters: 'text, pattern, limit?',
    summary: 'The matches of a regular expression, each with its text, its place and what its groups have matched.',
    example: { expression: '$match("PO-47", /PO-([0-9]+)/).groups', result: ['47'] },
  },
  replace: {
    parameters: 'text, pattern, replacement, limit?',
    summary: 'The text with what a text or regular expression finds replaced; $1 stands for the first group.',
    example: { expression: '$replace("2026-11-21", /(\\d+)-(\\d+)-(\\d+)/, "$3.$2.$1")', result: '21.11.2026' },
  },
  base64encode: {
    parameters: 'text',
    summary: 'The text in base 64.',
    example: { expression: '$base64encode("order")', result: 'b3JkZXI=' },
  },
  base64decode: {
    parameters: 'text',
    summary: 'The text that is written in base 64.',
    example: { expression: '$base64decode("b3JkZXI=")', result: 'order' },
  },
  encodeUrl: {
    parameters: 'address',
    summary: 'A whole address with all characters escaped that an address cannot hold.',
    example: { expression: '$encodeUrl("https://erp/a b?x=ö")', result: 'https://erp/a%20b?x=%C3%B6' },
  },
  encodeUrlComponent: {
    parameters: 'text',
    summary: 'A text escaped so that it can be a part of an address.',
    example: { expression: '$encodeUrlComponent("a&b=c")', result: 'a%26b%3Dc' },
  },
  decodeUrl: {
    parameters: 'address',
    summary: 'What $encodeUrl has escaped, as it was.',
    example: { expression: '$decodeUrl("https://erp/a%20b")', result: 'https://erp/a b' },
  },
  decodeUrlComponent: {
    parameters: 'text',
    summary: 'What $encodeUrlComponent has escaped, as it was.',
    example: { expression: '$decodeUrlComponent("a%26b")', result: 'a&b' },
  },
};
