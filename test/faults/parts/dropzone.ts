import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { deployFlow, type Installation } from './installation.ts';

/** A folder that orders are put into, watched for files that have their final name and are not whole. */
export interface Dropzone {
  readonly folder: string;
  /** Files under their final names, now. */
  files(): readonly string[];
  /** A sentence for each file that was seen with less in it than it has now, and for what is left lying about. */
  close(): readonly string[];
}

/** @param onFile is told of each final name as it appears */
export function openDropzone(folder: string, onFile: (name: string) => void = () => undefined): Dropzone {
  const out = join(folder, 'out');
  for (const name of ['out', 'ack', 'archive']) mkdirSync(join(folder, name), { recursive: true });
  const seen = new Map<string, Set<string>>();
  const isFinal = (name: string): boolean => /^order_.*\.json$/.test(name);
  const look = (name: string): void => {
    const content = contentOf(join(out, name));
    if (!isFinal(name) || content === undefined) return;
    if (!seen.has(name)) onFile(name);
    seen.set(name, (seen.get(name) ?? new Set()).add(content));
  };
  const watcher = watch(out, (_event, name) => name && look(name));
  return {
    folder,
    files: () => readdirSync(out).filter(isFinal),
    close() {
      watcher.close();
      for (const name of readdirSync(out)) look(name);
      const partial = [...seen].filter(([, contents]) => contents.size > 1);
      const left = readdirSync(out).filter((name) => !isFinal(name));
      return [
        ...partial.map(([name]) => `${name} was there under its final name with different contents`),
        ...left.map((name) => `${name} is left behind`),
      ];
    },
  };
}

/** Hash of the content; nothing where the file is gone. */
function contentOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}

/** Deploys the flow that puts orders into a dropzone. */
export async function deployDropzone({ api }: Installation, config: object): Promise<void> {
  const connection = { name: 'dropzone', type: 'dropzone/folder-or-sftp', config };
  const { id } = (await api('POST', '/connections', connection)) as { id: string };
  await deployFlow(api, 'file', { connections: { dropzone: id } });
}
