import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import type { OfferedVersion, Template } from './template.ts';

/** A template that comes with Millrace: there is one version of it, which is that of Millrace. */
export interface ShippedTemplate {
  readonly template: Template;
  offered(): Promise<OfferedVersion>;
}

/**
 * The templates in a folder, one folder each: the flow's, with a README that describes it. They are read once, when they are
 * first asked for, and what they offer when that is: a list needs nothing of what flows are read with.
 * @param version of Millrace
 */
export function openShipped(folder: string, version: string): () => readonly ShippedTemplate[] {
  let read: readonly ShippedTemplate[] | undefined;
  return () => {
    read ??= readdirSync(folder)
      .sort()
      .map((name) => shippedTemplate(join(folder, name), version));
    return read;
  };
}

function shippedTemplate(folder: string, version: string): ShippedTemplate {
  let offered: Promise<OfferedVersion> | undefined;
  return {
    template: { ...describe(folder), publisher: null, version, audience: 'everybody', withdrawn: false },
    offered() {
      offered ??= readOffer(folder, version);
      return offered;
    },
  };
}

async function readOffer(folder: string, version: string): Promise<OfferedVersion> {
  const [{ readWholeFlow }, { versionOf }] = await Promise.all([
    import('../flows/folder.ts'),
    import('../flows/version.ts'),
  ]);
  const bundle = readWholeFlow(folder);
  return { version, content: versionOf(bundle), bundle };
}

function describe(folder: string): Pick<Template, 'id' | 'name' | 'summary' | 'description'> {
  const flow = readJson(readFileSync(join(folder, 'flow.json'), 'utf8')) as unknown as FlowDocument;
  const file = join(folder, 'README.md');
  const description = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return { id: flow.id, name: flow.name, summary: flow.description ?? null, description };
}
