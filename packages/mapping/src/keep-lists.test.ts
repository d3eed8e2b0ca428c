import { type Json, readJson } from '@millrace/contract';
import { expect, it } from 'vitest';
import { keepLists } from './keep-lists.ts';

const strings: Json = { type: 'array', items: { type: 'string' } };
const order: Json = {
  type: 'object',
  properties: {
    tags: { $ref: '#/$defs/tags' },
    lines: { type: ['array', 'null'], items: { type: 'object', properties: { tags: { $ref: '#/$defs/tags' } } } },
    either: { anyOf: [strings, { type: 'string' }] },
    free: {},
    matrix: { type: 'array', items: strings },
  },
  $defs: { tags: strings },
};

it.each<[string, Json, Json]>([
  ['a single value', { tags: 'a' }, { tags: ['a'] }],
  ['a single object', { lines: { sku: 'A' } }, { lines: [{ sku: 'A' }] }],
  [
    'a single value in items',
    { lines: [{ tags: 'a' }, { tags: ['b', 'c'] }] },
    { lines: [{ tags: ['a'] }, { tags: ['b', 'c'] }] },
  ],
  ['a single object with a single value in it', { lines: { tags: 'a' } }, { lines: [{ tags: ['a'] }] }],
  ['a large number', readJson('{"tags":9007199254740993}'), readJson('{"tags":[9007199254740993]}')],
])('%s becomes a list where the target wants one', (_, value, expected) => {
  expect(keepLists(value, order)).toEqual(expected);
});

it.each<[string, Json]>([
  ['a list', { tags: ['a'], lines: [] }],
  ['null', { tags: null, lines: null }],
  ['what may be a list or not', { either: 'a', free: 'a' }],
  ['what has no place in the target', { other: 'a' }],
  ['lists of lists of which one was lost', { matrix: ['a', 'b'] }],
  ['a value that is no object', 'a'],
])('%s stays the very same', (_, value) => {
  expect(keepLists(value, order)).toBe(value);
});

it('the whole result can be the list', () => {
  expect(keepLists('a', strings)).toEqual(['a']);
  expect(keepLists('a', { type: ['array', 'null'] })).toEqual(['a']);
  expect(keepLists(null, strings)).toBe(null);
});

it('follows schemas that contain themselves as far as the value goes', () => {
  const tree: Json = { type: 'object', properties: { name: strings, parts: { type: 'array', items: { $ref: '#' } } } };
  expect(keepLists({ parts: { name: 'a', parts: { name: 'b' } } }, tree)).toEqual({
    parts: [{ name: ['a'], parts: [{ name: ['b'] }] }],
  });
});
