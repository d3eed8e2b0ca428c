/** Places that are written out at most. */
const maxPlaces = 1000;

/**
 * A JSON number without an exponent: `1.5e-7` as `0.00000015`. Nothing where that would be too long.
 */
export function plainDecimal(number: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', power] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  if (power === undefined) return number;
  const shift = Number(power);
  if (Math.abs(shift) > maxPlaces) return undefined;
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const behind = digits.slice(point).replace(/0+$/, '');
  return `${sign}${before}${behind === '' ? '' : `.${behind}`}`;
}
