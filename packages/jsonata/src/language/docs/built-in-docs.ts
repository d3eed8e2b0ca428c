import type { DocsByName } from '../functions.ts';
import { generalDocs } from './general-docs.ts';
import { listDocs } from './list-docs.ts';
import { numberDocs } from './number-docs.ts';
import { objectDocs } from './object-docs.ts';
import { textDocs } from './text-docs.ts';

/** What each of JSONata's own functions is for; by its name without the `$`. */
export const builtInDocs: DocsByName = { ...textDocs, ...numberDocs, ...listDocs, ...objectDocs, ...generalDocs };
