import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { blocksOf, spansOf } from './markdown.ts';

test('R-F11 the README of a template is told by its headings, paragraphs, lists, tables and drawings', () => {
  const text = [
    '# Orders',
    '',
    'Takes an order,',
    'checks it.',
    '',
    '```sh',
    'curl # it',
    '',
    'npm start',
    '```',
    '## What to set',
    '',
    '| | |',
    '|---|---|',
    '| `ackDue` | four \\| five |',
    '',
    '1. first',
    '   goes on',
    '2. second',
  ].join('\n');
  expect(blocksOf(text)).toEqual([
    { kind: 'heading', level: 1, text: 'Orders' },
    { kind: 'paragraph', text: 'Takes an order, checks it.' },
    { kind: 'code', text: 'curl # it\n\nnpm start' },
    { kind: 'heading', level: 2, text: 'What to set' },
    { kind: 'table', head: [], rows: [['`ackDue`', 'four | five']] },
    { kind: 'list', ordered: true, items: ['first goes on', 'second'] },
  ]);
  expect(spansOf('See `a` and **b** in [docs](x.md)')).toEqual([
    { kind: 'plain', text: 'See ' },
    { kind: 'code', text: 'a' },
    { kind: 'plain', text: ' and ' },
    { kind: 'strong', text: 'b' },
    { kind: 'plain', text: ' in docs' },
  ]);
});

test('R-F11 no word of the READMEs of the shipped templates is lost', () => {
  const flows = fileURLToPath(new URL('../../../flows', import.meta.url));
  const words = (text: string) => text.match(/\p{L}+/gu) ?? [];
  for (const name of readdirSync(flows)) {
    const text = readFileSync(`${flows}/${name}/README.md`, 'utf8');
    const shown = blocksOf(text).flatMap((block) =>
      block.kind === 'list'
        ? block.items
        : block.kind === 'table'
          ? [...block.head, ...block.rows.flat()]
          : [block.text],
    );
    const known = new Set(words(shown.join(' ')));
    const languages = text.match(/^```\w+/gm)?.map((line) => line.slice(3)) ?? [];
    const lost = words(text).filter((word) => !known.has(word) && !languages.includes(word));
    expect(lost, name).toEqual([]);
  }
});
