import type { PartKindName } from '../part.ts';
import { codeTables } from './code-tables.ts';
import { flows } from './flows.ts';
import { mappingLines } from './mapping-lines.ts';
import type { PartKind } from './part-kind.ts';
import { recordTypes } from './record-types.ts';

/**
 * Everything that is moved, in the order in which it is put in place. A flow brings code tables along where there are none of
 * that name, and is held against the lines that lie over its mappings, so that these come before; the record types that it
 * defines are put right behind it.
 */
export const kinds: readonly PartKind[] = [codeTables, mappingLines, flows, recordTypes];

export function kindOf(name: PartKindName): PartKind {
  return kinds.find(({ kind }) => kind === name) as PartKind;
}
