import type { Run } from '../run.ts';
import { isFields } from '../value/type.ts';
import { type Code, code } from './code.ts';

/** `*`: the values of all fields (or items), lists taken apart to the last; with a list among them a list in any case. */
export function compileWildcard(): Code {
  return code((input, { run }) => {
    const value = input === run.wrapper ? (input as unknown[])[0] : input;
    if (!Array.isArray(value) && !isFields(value)) return undefined;
    const found: unknown[] = [];
    const values = Object.values(value);
    for (const inner of values) flatten(run, inner, found, 1);
    return values.some(Array.isArray) ? found : run.marks.collapsed(found);
  });
}

function flatten(run: Run, value: unknown, found: unknown[], nesting: number): void {
  if (!Array.isArray(value)) {
    run.spend(1);
    run.allocate(8);
    found.push(value);
    return;
  }
  run.enter(nesting);
  for (const item of value) flatten(run, item, found, nesting + 1);
}

/** `**`: the value itself and all that is within, lists taken apart. */
export function compileDescendants(): Code {
  return code((input, { run }) => {
    if (input === undefined) return undefined;
    const found: unknown[] = [];
    descend(run, input, found, 1);
    return run.marks.collapsed(found);
  });
}

function descend(run: Run, value: unknown, found: unknown[], nesting: number): void {
  run.spend(1);
  run.allocate(8);
  if (!Array.isArray(value)) found.push(value);
  if (!Array.isArray(value) && !isFields(value)) return;
  run.enter(nesting);
  for (const inner of Array.isArray(value) ? value : Object.values(value)) descend(run, inner, found, nesting + 1);
}
