import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** JSONata's own test suite at 2.2.2, kept beside the repository or the folder of its work trees; see its SOURCES.md. */
const places = ['../../../../shared', '../../../../../shared'].map((folder) =>
  fileURLToPath(new URL(`${folder}/conformance/jsonata`, import.meta.url)),
);
const place = places.find((each) => existsSync(each)) ?? places[0];

export interface Case {
  readonly name: string;
  readonly expr: string;
  readonly data?: unknown;
  readonly dataset?: string;
  readonly bindings?: Record<string, unknown>;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  readonly unordered?: boolean;
  readonly code?: string;
  readonly error?: { readonly code: string };
  readonly token?: string;
  readonly timelimit?: number;
  readonly depth?: number;
}

export const suiteIsThere = places.some((each) => existsSync(each));

/** The files of the suite, each with its cases; none where it is not there. */
export function suiteFiles(): [file: string, cases: Case[]][] {
  if (suiteIsThere) return readdirSync(`${place}/groups`).map((file) => [file, read(`groups/${file}`) as Case[]]);
  console.log(`JSONata's suite is skipped: ${place} is not there.`);
  return [];
}

export function inputOf({ data, dataset }: Case): unknown {
  return dataset ? read(`datasets/${dataset}.json`) : data;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(`${place}/${path}`, 'utf8'));
}
