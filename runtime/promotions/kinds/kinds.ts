import type { PartKindName } from '../part.ts';
import { codeTables } from './code-tables.ts';
import { flows } from './flows.ts';
import type { PartKind } from './part-kind.ts';
import { recordTypes } from './record-types.ts';

/**
 * Everything that is moved, in the order in which it is put in place: what a flow brings along itself it does not bring where
 * that is there, and what it defines anew is put right behind it.
 */
export const kinds: readonly PartKind[] = [codeTables, flows, recordTypes];

export function kindOf(name: PartKindName): PartKind {
  return kinds.find(({ kind }) => kind === name) as PartKind;
}
