import { Callable, call } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { Native } from '../native.ts';
import type { Run } from '../run.ts';
import { copyOf } from '../value/copy.ts';
import { checkKey } from '../value/field.ts';
import { type Fields, isFields, isListOfTexts } from '../value/type.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';
import { globalNumber } from './unit.ts';

interface Parts {
  readonly pattern: Code;
  readonly update: Code;
  readonly deletion: Code | undefined;
  /** Number of `$clone`, which the host may replace. */
  readonly clone: number;
  readonly position: number | undefined;
}

/** `|pattern|update, delete|`: a function that gives a changed copy. */
export function compileTransform(node: NodeOf<'transform'>, scope: Scope): Code {
  const parts: Parts = {
    pattern: scope.unit.compile(node.pattern, scope),
    update: scope.unit.compile(node.update, scope),
    deletion: node.delete && scope.unit.compile(node.delete, scope),
    clone: globalNumber(scope.unit, 'clone'),
    position: node.position,
  };
  const { pattern, update, deletion } = parts;
  return code(
    (_input, frame) => new Native('<(oa):o>', 1, (_run, value) => transformed(value, parts, frame)),
    [],
    deletion ? [pattern, update, deletion] : [pattern, update],
  );
}

/** @throws {JsonataError} T2013 when `$clone` is no function */
function transformed(value: unknown, parts: Parts, frame: Frame): unknown {
  if (value === undefined) return undefined;
  const { run } = frame;
  const clone = run.globals[parts.clone];
  if (!(clone instanceof Callable)) throw new JsonataError('T2013', { position: parts.position });
  const copy = clone[call](run, [value], undefined);
  run.spend(parts.pattern.cost, parts.position);
  run.enter(Math.max(parts.pattern.height, parts.update.height));
  const found = parts.pattern.run(copy, frame);
  const matches = found === undefined ? [] : Array.isArray(found) ? found : [found];
  run.spend(matches.length * (parts.update.cost + (parts.deletion?.cost ?? 0)), parts.position);
  const own = new Set<unknown>();
  if (matches.length > 0) collect(copy, own, run);
  for (const match of matches) change(match, own, parts, frame);
  return copy;
}

/** The objects that the copy is made of: a pattern can also find others, by a variable or `$$`, which are not to be changed. */
function collect(value: unknown, own: Set<unknown>, run: Run): void {
  if (typeof value !== 'object' || value === null || value instanceof Callable || own.has(value)) return;
  run.spend(1);
  run.allocate(16);
  own.add(value);
  for (const inner of Array.isArray(value) ? value : Object.values(value)) collect(inner, own, run);
}

function change(match: unknown, own: ReadonlySet<unknown>, { update, deletion, position }: Parts, frame: Frame): void {
  const fields = isFields(match) && own.has(match) ? match : undefined;
  const changes = update.run(match, frame);
  if (changes !== undefined) {
    if (!isFields(changes)) throw new JsonataError('T2011', { position });
    if (fields) set(fields, changes, frame.run, position);
  }
  const names = deletion?.run(match, frame);
  if (names !== undefined) remove(fields, names, position);
}

/** Values are copied, for they may hold the very object that they are put into. */
function set(match: Fields, changes: Fields, run: Run, position: number | undefined): void {
  const entries = Object.entries(changes);
  run.allocate(32 * entries.length, position);
  for (const [name, value] of entries) match[checkKey(name)] = value instanceof Callable ? value : copyOf(run, value);
}

function remove(fields: Fields | undefined, names: unknown, position: number | undefined): void {
  const list = Array.isArray(names) ? names : [names];
  if (!isListOfTexts(list)) throw new JsonataError('T2012', { position });
  if (fields) for (const name of list) delete fields[name];
}
