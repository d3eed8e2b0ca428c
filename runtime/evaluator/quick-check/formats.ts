import { type FormatName, fullFormats } from 'ajv-formats/dist/formats.js';
import { giveUp, type Work } from './work.ts';

/** Whether a text is of a format. */
export type FormatCheck = (text: string, work: Work) => boolean;

/** Ajv's pattern of an address looks at a text about as often as it has characters; longer ones are left to it. */
const longestAddress = 320;
/** Characters of a pattern's way through a text that take about as long as looking at a value. */
const charactersAUnit = 8;

/** The formats that are checked here, by the very functions and patterns that ajv uses. */
export const formats: Readonly<Record<string, FormatCheck>> = {
  date: linear('date'),
  'date-time': linear('date-time'),
  uuid: linear('uuid'),
  email: (text, work) => {
    if (text.length > longestAddress) giveUp();
    work.spend(text.length ** 2 / charactersAUnit);
    return fits('email', text);
  },
};

function linear(name: FormatName): FormatCheck {
  return (text, work) => {
    work.spend(text.length / charactersAUnit);
    return fits(name, text);
  };
}

function fits(name: FormatName, text: string): boolean {
  const format = fullFormats[name];
  if (format instanceof RegExp) return format.test(text);
  const { validate } = format as { readonly validate: (text: string) => boolean };
  return validate(text);
}
