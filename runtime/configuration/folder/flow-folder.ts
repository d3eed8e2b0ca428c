import { isObject, type Json, readJson } from '@millrace/contract';
import { explode, type FlowBundle, fileReferences, implode } from '@millrace/flow';
import type { FileForm, PartFiles } from './file-form.ts';

const fixed = /^\/(flow|layout|(samples|tests|records|tables|mappings)\/[^/]+)\.json$/;

/** A folder with a file for everything that belongs to the flow. */
export const flowFolder: FileForm = {
  main: '/flow.json',
  write: (value) => under('/', explode(value as unknown as FlowBundle)),
  read(files) {
    const { bundle, problems } = implode(relative(files));
    const placed = problems.map((problem) => ({ ...problem, pointer: `/${problem.pointer}` }));
    return bundle ? { value: bundle as unknown as Json, problems: placed } : { problems: placed };
  },
  own(files) {
    const referred = new Set(referredFiles(files['/flow.json'] ?? ''));
    return Object.keys(files).filter((file) => fixed.test(file) || referred.has(file));
  },
  locate(pointer, value) {
    const [, part = 'flow', name = '', rest = ''] = /^\/([^/]+)(?:\/([^/]*))?(.*)$/s.exec(pointer) ?? [];
    if (part === 'flow') return `/flow.json#${pointer.slice('/flow'.length)}`;
    if (part === 'layout') return `/layout.json#${pointer.slice('/layout'.length)}`;
    return `/${part}/${fileOf(part, name, value)}.json#${rest}`;
  },
};

/** Record types, tables and mappings are called by their ids in files, and by their place in the bundle. */
function fileOf(part: string, name: string, value: Json): string {
  const list = isObject(value) ? value[part] : undefined;
  const item = Array.isArray(list) ? (list[Number(name)] as Json) : undefined;
  return isObject(item) ? String(item.id ?? item.name) : name;
}

function referredFiles(flow: string): string[] {
  try {
    return fileReferences(readJson(flow), '').map(({ file }) => `/${file}`);
  } catch {
    return [];
  }
}

function under(prefix: string, files: PartFiles): PartFiles {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${prefix}${file}`, text]));
}

function relative(files: PartFiles): PartFiles {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file.slice(1), text]));
}
