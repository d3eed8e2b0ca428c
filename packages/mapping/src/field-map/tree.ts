import { MillraceError, type Problem } from '@millrace/contract';
import { analyse } from '../analyse.ts';
import { pathToText, type SourcePath } from '../source-path/source-path.ts';
import type { Field, FieldMap } from './field-map.ts';
import type { TextField } from './source.ts';
import { namesOf } from './target.ts';

/** A field map by the shape of its target: an object of further trees, or what one line says. */
export type Tree<Leaf = TextField> = Map<string, Tree<Leaf>> | Leaf;

/** @throws {MillraceError} FIELD_MAP_INVALID with every problem of the field map */
export function assertValid(fields: FieldMap): void {
  const problems = fieldMapProblems(fields);
  if (problems.length > 0) throw new MillraceError('FIELD_MAP_INVALID', 'The field map is not valid.', { problems });
}

/** The field that makes the whole target, or the tree of its names; of fields without problems. */
export function treeOf<Leaf extends { readonly to: string }>(fields: readonly Leaf[]): Tree<Leaf> {
  const [first] = fields;
  if (first?.to === '') return first;
  const root = new Map<string, Tree<Leaf>>();
  for (const field of fields) plant(root, namesOf(field.to) ?? [], field);
  return root;
}

/** Every problem of a field map, its pointer going on from the given one; without any it can be written as text. */
export function fieldMapProblems(fields: FieldMap, pointer = ''): Problem[] {
  const root = new Map<string, Tree<Field>>();
  return fields.flatMap((field, index) => {
    const at = `${pointer}/${index}`;
    const sources = field.each === undefined ? valueProblems(field, at) : listProblems(field, field.each, at);
    return [...placeProblems(field, fields, root, at), ...sources];
  });
}

function placeProblems(field: Field, all: FieldMap, root: Map<string, Tree<Field>>, at: string): Problem[] {
  const names = namesOf(field.to);
  const pointer = `${at}/to`;
  if (!names)
    return [problem('TARGET_INVALID', pointer, 'A target is names joined by dots, such as header.order_date.')];
  if (names.length === 0 && all.length > 1) {
    return [problem('TARGET_CONFLICT', pointer, 'A field for the whole target must be the only one.')];
  }
  if (names.length === 0 || plant(root, names, field)) return [];
  return [problem('TARGET_CONFLICT', pointer, `Another field already makes “${field.to}” or a part of it.`)];
}

/** Puts the field into the tree; false where its place is taken. */
function plant<Leaf>(root: Map<string, Tree<Leaf>>, names: readonly string[], field: Leaf): boolean {
  const [name, ...inner] = names;
  if (name === undefined) return false;
  if (inner.length === 0) {
    if (root.has(name)) return false;
    root.set(name, field);
    return true;
  }
  const branch = branchAt(root, name);
  return branch !== undefined && plant(branch, inner, field);
}

/** The branch of this name, new where there was none; nothing where a field has the name. */
function branchAt<Leaf>(root: Map<string, Tree<Leaf>>, name: string): Map<string, Tree<Leaf>> | undefined {
  const there = root.get(name);
  if (there !== undefined) return there instanceof Map ? there : undefined;
  const branch = new Map<string, Tree<Leaf>>();
  root.set(name, branch);
  return branch;
}

function valueProblems({ from, fields, default: otherwise }: Field, at: string): Problem[] {
  if (fields) return [problem('FIELDS_WITHOUT_EACH', `${at}/fields`, 'Fields inside a field need a list in `each`.')];
  if (from !== undefined) return sourceProblems(from, `${at}/from`);
  if (otherwise !== undefined) return [];
  return [problem('SOURCE_MISSING', at, 'A field needs a source (`from` or `each`) or a fixed value (`default`).')];
}

function listProblems({ from, fields, default: otherwise }: Field, each: string | SourcePath, at: string): Problem[] {
  const problems = sourceProblems(each, `${at}/each`);
  if (from !== undefined)
    problems.push(problem('SOURCE_CONFLICT', `${at}/from`, 'A list is made by `fields`, not by `from`.'));
  if (otherwise !== undefined)
    problems.push(problem('DEFAULT_OF_LIST', `${at}/default`, 'A list without a source is empty.'));
  if (!fields) problems.push(problem('FIELDS_MISSING', at, 'A list needs `fields`.'));
  return [...problems, ...fieldMapProblems(fields ?? [], `${at}/fields`)];
}

function sourceProblems(source: string | SourcePath, pointer: string): Problem[] {
  if (typeof source !== 'string') return pathProblems(source, pointer);
  const { error } = analyse(source);
  return error ? [problem(error.code, pointer, error.message)] : [];
}

function pathProblems(path: SourcePath, pointer: string): Problem[] {
  try {
    const { error } = analyse(pathToText(path));
    return error ? [problem(error.code, pointer, error.message)] : [];
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    return [problem(thrown.code, `${pointer}/${'xpath' in path ? 'xpath' : 'jsonpath'}`, thrown.message)];
  }
}

function problem(code: string, pointer: string, message: string): Problem {
  return { code, pointer, message };
}
