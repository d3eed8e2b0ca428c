import { formatInteger } from '../picture/format-integer.ts';
import { formatNumber } from '../picture/format-number.ts';
import { type IntegerPicture, readIntegerPicture } from '../picture/integer-picture.ts';
import type { Signs } from '../picture/number-picture.ts';
import { parseInteger } from '../picture/parse-integer.ts';
import { chargePicture } from '../picture/picture-length.ts';
import type { Run } from '../run.ts';
import type { Operand } from '../value/arithmetic.ts';
import { define, type Functions } from './define.ts';

/** Numbers as text by way of a picture, and back. */
export const numberTexts: Functions = {
  formatInteger: define('<n-s:s>', 2, (run, value?: Operand, picture = '') =>
    value === undefined ? undefined : formatInteger(run, Number(value), integerPicture(run, picture)),
  ),
  parseInteger: define('<s-s:n>', 2, (run, text?: string, picture = '') => {
    if (text === undefined) return undefined;
    run.spend(1 + text.length * (1 + (picture.length >> 3)));
    const number = parseInteger(text, integerPicture(run, picture));
    return Number.isNaN(number) ? undefined : number;
  }),
  formatNumber: define('<n-so?:s>', 3, (run, value?: Operand, picture = '', options?: Partial<Signs>) =>
    value === undefined ? undefined : formatNumber(run, value, picture, options),
  ),
};

function integerPicture(run: Run, picture: string): IntegerPicture {
  chargePicture(run, picture);
  return readIntegerPicture(picture);
}
