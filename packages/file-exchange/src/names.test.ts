import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confinedFolder, confinedName, numberedNames } from './names.ts';

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
  ['COM1 .txt', 'Windows'],
  ['lpt\u00b9.txt', 'Windows'],
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

test('a folder is a chain of such names; nothing and a dot are the shared folder itself', () => {
  expect(['', '.', 'a', 'a/b c', 'o\u0308l/x'].map((folder) => confinedFolder(folder))).toEqual([
    '',
    '',
    'a',
    'a/b c',
    '\u00f6l/x',
  ]);
  for (const folder of ['/a', 'a/', 'a//b', '../a', 'a/..', 'a/./b', 'a\\b', 'CON/a', '.hidden']) {
    expect(() => confinedFolder(folder), folder).toThrow('cannot be a file');
  }
});
