import type { Command } from 'commander';
import { type DescribedSetting, describeConfig } from '../config/describe.ts';

/** `millrace config`: what this instance would run with, and why. */
export function addConfig(program: Command): void {
  program
    .command('config')
    .description('list every setting with its value, where that comes from, its default and its meaning')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) => {
      const settings = describeConfig(process.env, process.cwd());
      console.log(json ? JSON.stringify(settings, undefined, 2) : table(settings));
    });
}

function table(settings: readonly DescribedSetting[]): string {
  const rows = settings.map(({ variable, name, value, source, default: fallback }) =>
    [variable, name, value, source, fallback].map((cell) => String(cell ?? '')),
  );
  const lines = aligned([['VARIABLE', 'IN millrace.json', 'VALUE', 'FROM', 'DEFAULT'], ...rows]);
  const [head, ...body] = lines;
  return [head, ...body.map((line, index) => `${line}\n    ${settings[index]?.meaning}`)].join('\n');
}

/** Cells padded to the width of their column. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
