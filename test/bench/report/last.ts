import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { About } from './about.ts';
import { documentText, remarksOf } from './document.ts';
import type { Ratio } from './ratios.ts';
import type { Results } from './results.ts';

/** What was recorded last, for the next comparison and for whoever draws curves. */
interface Recorded {
  readonly about: About;
  readonly results: Results;
}

const lastFile = fileURLToPath(new URL('../last.json', import.meta.url));
const documentFile = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

/** Nothing before the first record, and of another machine. */
export function lastRatios({ machine }: About): readonly Ratio[] {
  const text = readText(lastFile);
  if (text === '') return [];
  const { about, results } = JSON.parse(text) as Recorded;
  return about.machine === machine ? results.ratios : [];
}

export function record(about: About, results: Results, last: readonly Ratio[]): void {
  const recorded: Recorded = { about, results };
  writeFileSync(documentFile, documentText(about, results, last, remarksOf(readText(documentFile))));
  writeFileSync(lastFile, `${JSON.stringify(recorded, null, 2)}\n`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
