import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecimal } from './plain-decimal.ts';

test.each([
  ['12.50', '12.50'],
  ['1.5e-7', '0.00000015'],
  ['1.5E+3', '1500'],
  ['-120e-1', '-12'],
  ['0e5', '0'],
  ['1e1001', undefined],
  ['1e-99999999999999999999', undefined],
])('%s is %s', (number, plain) => expect(plainDecimal(number)).toBe(plain));

test('the value stays what it was', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const plain = plainDecimal(JSON.stringify(number));
      expect(plain).not.toContain('e');
      expect(Number(plain)).toBe(number === 0 ? 0 : number);
    }),
  );
});
