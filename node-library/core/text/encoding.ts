import Type, { type Static } from 'typebox';

/** How the characters of a file are written as bytes; `latin1` is ISO 8859-1. */
export const Encoding = Type.Enum(['utf-8', 'latin1', 'utf-16'], {
  title: 'Encoding',
  description: 'How the characters of a file are written: utf-8, latin1 (ISO 8859-1) or utf-16.',
  examples: ['latin1'],
});
export type Encoding = Static<typeof Encoding>;
