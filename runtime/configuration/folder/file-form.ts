import { type Json, type JsonObject, type Problem, readJson, writeJson } from '@millrace/contract';
import { inOneOrder } from './in-one-order.ts';

/** Texts by what their paths have behind the part's own: `.json`, `/flow.json`. */
export type PartFiles = Readonly<Record<string, string>>;

/** How a part lies in a folder. */
export interface FileForm {
  /** The same value is always the same bytes. @throws {MillraceError} `FILE_NAME_INVALID` */
  write(value: Json): PartFiles;
  /** Problems begin with what the file's path has behind the part's own: `/flow.json#/nodes/map`. */
  read(files: PartFiles): { readonly value?: Json; readonly problems: readonly Problem[] };
  /** By the presence of this file a part is there. */
  readonly main: string;
  /** Those of the files that are the part's; the rest is somebody else's. */
  own(files: PartFiles): readonly string[];
  /** A place in the value, as file and pointer. */
  locate(pointer: string, value: Json): string;
}

/** One file of JSON. */
export const jsonFile: FileForm = {
  main: '.json',
  write: (value) => ({ '.json': `${writeJson(inOneOrder(value), 2)}\n` }),
  read(files) {
    try {
      return { value: readJson(files['.json'] ?? ''), problems: [] };
    } catch (error) {
      const message = `The file is not JSON: ${(error as Error).message}`;
      return { problems: [{ code: 'BAD_JSON', pointer: '.json', message }] };
    }
  },
  own: (files) => Object.keys(files).filter((file) => file === '.json'),
  locate: (pointer) => `.json${pointer === '' ? '' : `#${pointer}`}`,
};

/** A bundle of all parts, as one document. */
export function bundleText(parts: JsonObject): string {
  return `${writeJson({ format: 1, parts: inOneOrder(parts) }, 2)}\n`;
}
