import { assert, constantFrom, double, integer, oneof, property, string } from 'fast-check';
import { Value } from 'typebox/value';
import { test } from 'vitest';
import { fits } from './fits.ts';
import { settings } from './settings.ts';

/** As they stand in variables and files, or nearly. */
const sensible = [
  '',
  '7400',
  '0',
  '5s',
  '30m',
  '90d',
  '100MB',
  'api,worker',
  'loopback',
  'info',
  'true',
  '10.0.0.0/8',
  '::1',
];
const values = oneof(
  string({ unit: 'binary' }),
  constantFrom(...sensible, true, false, null, undefined, 'postgres://a/b', 'smtp://c', './d', 's3://e/f', 'g@h'),
  integer({ min: -2, max: 70_000 }),
  double(),
  constantFrom({}, []),
);

test('what fits a setting is what its schema says, of every setting', () => {
  const all = Object.values(settings).map(({ type }) => type);
  assert(
    property(values, (value) => all.every((type) => fits(type, value) === Value.Check(type, value))),
    { numRuns: 500 },
  );
});
