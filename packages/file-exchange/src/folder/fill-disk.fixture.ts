import { readdir } from 'node:fs/promises';
import { MillraceError } from '@millrace/contract';
import { contentOf } from '../content.ts';
import { withFileExchange } from '../open.ts';

/** Run by a test as a process of its own: writes more than the folder's disk takes, and prints what came of it as JSON. */
const path = process.argv[2] ?? '';
const error = await withFileExchange({ kind: 'folder', path }, { signal: new AbortController().signal }, (exchange) =>
  exchange
    .write('large', '.large.tmp', contentOf(Buffer.alloc(8_000_000)), 'replace')
    .catch((thrown: unknown) => thrown),
);
const { code, category } = error instanceof MillraceError ? error : { code: String(error), category: undefined };
process.stdout.write(JSON.stringify({ code, category, left: await readdir(path) }));
