import { formatInteger } from '../picture/format-integer.ts';
import { formatNumber } from '../picture/format-number.ts';
import { readIntegerPicture } from '../picture/integer-picture.ts';
import type { Signs } from '../picture/number-picture.ts';
import { parseInteger } from '../picture/parse-integer.ts';
import type { Operand } from '../value/arithmetic.ts';
import { define, type Functions } from './define.ts';

/** Numbers as text by way of a picture, and back. */
export const numberTexts: Functions = {
  formatInteger: define('<n-s:s>', 2, (run, value?: Operand, picture = '') =>
    value === undefined ? undefined : formatInteger(run, Number(value), readIntegerPicture(picture)),
  ),
  parseInteger: define('<s-s:n>', 2, (run, text?: string, picture = '') => {
    if (text === undefined) return undefined;
    run.spend(1 + text.length);
    const number = parseInteger(text, readIntegerPicture(picture));
    return Number.isNaN(number) ? undefined : number;
  }),
  formatNumber: define('<n-so?:s>', 3, (run, value?: Operand, picture = '', options?: Partial<Signs>) =>
    value === undefined ? undefined : formatNumber(run, value, picture, options),
  ),
};
