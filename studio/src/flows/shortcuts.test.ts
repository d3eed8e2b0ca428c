import { expect, test } from 'vitest';
import { type Press, shortcutOf } from './shortcuts.ts';

const canvas = { typing: false, free: false };
const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test('R-X4 keys do what they do in other tools, with Ctrl as with the Command key', () => {
  expect(shortcutOf(press('z', { ctrlKey: true }), canvas)).toBe('undo');
  expect(shortcutOf(press('Z', { metaKey: true, shiftKey: true }), canvas)).toBe('redo');
  expect(shortcutOf(press('Backspace'), canvas)).toBe('remove');
  expect(shortcutOf(press('?', { shiftKey: true }), canvas)).toBe('keys');
  expect(shortcutOf(press('n', { ctrlKey: true }), canvas)).toBeUndefined();
});

test('R-X4 while a text is typed only saving and running are taken', () => {
  const typing = { typing: true, free: false };
  expect(shortcutOf(press('s', { ctrlKey: true }), typing)).toBe('publish');
  expect(shortcutOf(press('Enter', { ctrlKey: true }), typing)).toBe('run');
  expect(shortcutOf(press('z', { ctrlKey: true }), typing)).toBeUndefined();
  expect(shortcutOf(press('n'), typing)).toBeUndefined();
});

test('R-X4 Tab leads to the next element, and opens the palette only where nothing has the focus', () => {
  expect(shortcutOf(press('Tab'), canvas)).toBeUndefined();
  expect(shortcutOf(press('Tab'), { typing: false, free: true })).toBe('add');
  expect(shortcutOf(press('Tab', { shiftKey: true }), { typing: false, free: true })).toBeUndefined();
});
