import { describeNode } from '@millrace/contract';
import { expect, test } from 'vitest';
import note from './node.ts';

test('a note has no ports, and the catalogue says that it is a remark', () => {
  expect(describeNode(note)).toMatchObject({ annotation: true, outputs: {}, effect: 'pure' });
});
