import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { expect, test } from 'vitest';
import { jsonata } from './jsonata-mode.ts';

const highlighter = tagHighlighter([
  { tag: tags.string, class: 'string' },
  { tag: tags.number, class: 'number' },
  { tag: tags.keyword, class: 'keyword' },
  { tag: tags.atom, class: 'atom' },
  { tag: tags.comment, class: 'comment' },
  { tag: tags.propertyName, class: 'path' },
  { tag: tags.variableName, class: 'variable' },
  { tag: tags.operator, class: 'operator' },
]);

function colours(text: string): string[] {
  const spans: string[] = [];
  highlightTree(jsonata.parser.parse(text), highlighter, (from, to, kind) => {
    spans.push(`${kind} ${text.slice(from, to)}`);
  });
  return spans;
}

test('paths, variables, operators and literals are told apart', () => {
  expect(colours('lines[qty > 10].`unit price` & $params.sign')).toEqual([
    'path lines',
    'path qty',
    'operator >',
    'number 10',
    'path `unit price`',
    'operator &',
    'variable $params',
    'path sign',
  ]);
  expect(colours('x in ["a\\"b", null]')).toEqual(['path x', 'keyword in', 'string "a\\"b"', 'atom null']);
});

test('a comment goes over lines and ends where it ends', () => {
  expect(colours('/* one\ntwo */ total')).toEqual(['comment /* one', 'comment two */', 'path total']);
});

test('text that is half typed is coloured all the same', () => {
  expect(colours("'open")).toEqual(["string 'open"]);
});
