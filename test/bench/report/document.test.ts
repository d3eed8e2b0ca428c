import { expect, test } from 'vitest';
import { cellOf } from './cells.fixture.ts';
import { documentText, remarksOf, resultsText } from './document.ts';
import { resultsOf } from './results.ts';

const about = {
  date: '2026-11-21T10:00:00Z',
  machine: '2 × A processor',
  versions: { Millrace: '0.1.0' },
  seconds: 10,
  rounds: 3,
};
const results = resultsOf(
  [{ cells: [cellOf('send', 1, 100), cellOf('send', 1, 200, { system: 'Node-RED' })] }],
  [{ runs: 1_000_000, seconds: 90, bytes: 5 * 1024 ** 3 }],
  [{ system: 'DBOS Transact', what: 'start', message: 'Nothing answers.' }],
);

test('the page says where and with what, every target, every figure and what came to nothing', () => {
  const text = documentText(
    about,
    results,
    [{ name: 'send, 1 in flight ÷ Node-RED, send', value: 0.4, better: 'higher' }],
    '',
  );
  expect(text).toContain('2026-11-21; 2 × A processor');
  expect(text).toContain('3 rounds of 10 seconds');
  expect(text).toMatch(/commits a flow, alone .*≤ 4 commits .*2\.00 commits .*met/);
  expect(text).toMatch(/1 in flight, Node-RED .*200/);
  expect(text).toMatch(/send, 1 in flight ÷ Node-RED, send .*0\.500 .*0\.400/);
  expect(text).toContain('1,000,000 runs, copies of a real one, were stored in 90.0 s');
  expect(text).toContain('- DBOS Transact, start: Nothing answers.');
});

test('what was written by hand stays when the page is written anew', () => {
  const remarks = 'It was missed because of the garbage collector.\n\nSecond paragraph.';
  expect(remarksOf(documentText(about, results, [], remarks))).toBe(remarks);
  expect(remarksOf('')).toBe('');
});

test('what was not measured has no table', () => {
  expect(resultsText(results, [])).not.toContain('Limits of the machine');
});
