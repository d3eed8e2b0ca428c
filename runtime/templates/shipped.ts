import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowBundle } from '@millrace/flow';
import { readWholeFlow } from '../flows/folder.ts';
import { versionOf } from '../flows/version.ts';
import type { OfferedVersion, Template } from './template.ts';

/** A template that comes with Millrace: there is one version of it, which is that of Millrace. */
export interface ShippedTemplate {
  readonly template: Template;
  readonly offered: OfferedVersion;
}

/**
 * The templates in a folder, one folder each: the flow's, with a README that describes it. They are read once, when they are
 * first asked for.
 * @param version of Millrace
 */
export function openShipped(folder: string, version: string): () => readonly ShippedTemplate[] {
  let read: readonly ShippedTemplate[] | undefined;
  return () => {
    read ??= readdirSync(folder)
      .sort()
      .map((name) => readTemplate(join(folder, name), version));
    return read;
  };
}

function readTemplate(folder: string, version: string): ShippedTemplate {
  const bundle = readWholeFlow(folder);
  return {
    template: { ...describe(bundle, folder), publisher: null, version, audience: 'everybody', withdrawn: false },
    offered: { version, content: versionOf(bundle), bundle },
  };
}

function describe({ flow }: FlowBundle, folder: string): Pick<Template, 'id' | 'name' | 'summary' | 'description'> {
  const file = join(folder, 'README.md');
  const description = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return { id: flow.id, name: flow.name, summary: flow.description ?? null, description };
}
