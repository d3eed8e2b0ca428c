import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { apiTypesOf } from '../reference/api-types.ts';
import { referenceOf } from '../reference/reference.ts';
import { rolesReference } from '../reference/roles.ts';

/** `millrace reference`: the reference of every node of this instance, a Markdown file a pack, and of the roles. */
export function addReference(program: Command): void {
  program
    .command('reference <folder>')
    .description('write the reference of all nodes of this instance, and of its roles, as Markdown')
    .option('--api <file>', 'write the operations of its API too, as TypeScript')
    .action(async (folder: string, { api }: { api?: string }) => {
      const { packs } = await import('../packs.ts');
      const { routes } = await import('../http/routes.ts');
      mkdirSync(join(folder, 'nodes'), { recursive: true });
      for (const pack of packs) writeFileSync(join(folder, 'nodes', `${pack.id}.md`), referenceOf(pack));
      writeFileSync(join(folder, 'roles.md'), rolesReference(routes));
      if (api !== undefined) writeFileSync(api, apiTypesOf(routes));
      console.log(`${packs.length} packs and the roles written to ${folder}.`);
    });
}
