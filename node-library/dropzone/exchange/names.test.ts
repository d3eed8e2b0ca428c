import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confinedName, numberedNames } from './names.ts';

test.each([
  ['../order.json', 'separator'],
  ['a/b.json', 'separator'],
  ['a\\b.json', 'separator'],
  ['/etc/passwd', 'separator'],
  ['a\u0000.json', 'control character'],
  ['a\nb.json', 'control character'],
  ['..', 'dot'],
  ['.hidden', 'dot'],
  ['order.json.', 'drop'],
  ['CON', 'Windows'],
  ['nul.json', 'Windows'],
  ['\ud800.json', 'half a character'],
  ['', 'empty'],
  ['x'.repeat(201), 'longer'],
])('R-D3 the file name %j is refused', (name, reason) => {
  expect(() => confinedName(name)).toThrow(reason);
});

test('R-D3 two spellings of one name (NFC, NFD) are one file', () => {
  expect(confinedName('o\u0308l.json')).toBe(confinedName('\u00f6l.json'));
});

test('R-D3 a name that is accepted never leads out of its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const accepted = acceptedName(name);
      if (accepted !== undefined)
        expect(new URL(encodeURIComponent(accepted), 'file:///dropzone/').pathname).toMatch(/^\/dropzone\/[^/]+$/);
    }),
  );
});

function acceptedName(name: string): string | undefined {
  try {
    return confinedName(name);
  } catch {
    return undefined;
  }
}

test('a name that is taken gets a number before its extension', () => {
  expect([...numberedNames('a.b.json').take(3)]).toEqual(['a.b.json', 'a.b.1.json', 'a.b.2.json']);
});
