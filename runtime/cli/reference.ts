import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { referenceOf } from '../reference/reference.ts';

/** `millrace reference`: the reference of every node of this instance, a Markdown file a pack. */
export function addReference(program: Command): void {
  program
    .command('reference <folder>')
    .description('write the reference of all nodes of this instance as Markdown')
    .action(async (folder: string) => {
      const { packs } = await import('../main.ts');
      mkdirSync(folder, { recursive: true });
      for (const pack of packs) writeFileSync(join(folder, `${pack.id}.md`), referenceOf(pack));
      console.log(`${packs.length} packs written to ${folder}.`);
    });
}
