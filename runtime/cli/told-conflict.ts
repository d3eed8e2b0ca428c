import { type Json, writeJson } from '@millrace/contract';
import type { Conflict } from '@millrace/flow';

/** A conflict in four lines: where it is, what was there, and what the two sides made of it. */
export function toldConflict({ kind, pointer, base, mine, theirs }: Conflict): string {
  const head = kind === 'order' ? `${pointer}  in another order` : pointer;
  return [head, `  base    ${text(base)}`, `  mine    ${text(mine)}`, `  theirs  ${text(theirs)}`].join('\n');
}

function text(value: Json | undefined): string {
  return value === undefined ? '(nothing)' : writeJson(value);
}
