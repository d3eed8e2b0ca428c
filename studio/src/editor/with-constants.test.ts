import { expect, test } from 'vitest';
import { withConstants } from './with-constants.ts';

const schema = {
  anyOf: [
    { properties: { kind: { const: 'folder' }, path: {} } },
    { properties: { kind: { const: 'sftp' }, path: {}, host: {} } },
  ],
};

test('what a schema fixes is filled in, by the way that knows all fields', () => {
  expect(withConstants({ path: '/a', host: 'h' }, schema)).toEqual({ kind: 'sftp', path: '/a', host: 'h' });
  expect(withConstants({ path: '/a' }, schema)).toEqual({ kind: 'folder', path: '/a' });
  expect(withConstants({ kind: 'sftp', path: '/a' }, schema)).toEqual({ kind: 'sftp', path: '/a' });
  expect(withConstants({ other: 1 }, schema)).toEqual({ other: 1 });
  expect(withConstants({}, { properties: { version: { const: 2 } } })).toEqual({ version: 2 });
});
