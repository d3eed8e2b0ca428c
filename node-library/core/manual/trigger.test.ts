import { expect, test } from 'vitest';
import manual from './trigger.ts';

test('a flow started by hand needs no route', () => {
  expect(manual.activation({})).toEqual({ kind: 'manual' });
});
