import type { Frame } from '../../frame.ts';
import type { NodeOf, Syntax } from '../../front/syntax.ts';
import type { Run } from '../../run.ts';
import { fieldOf, isInherited, ownField } from '../../value/field.ts';
import type { Fields } from '../../value/type.ts';
import type { Closure } from '../code.ts';

/** A step that is a name and nothing else. */
export function isPlainName(step: Syntax): step is NodeOf<'name'> {
  return step.type === 'name' && !step.stages && !step.predicate && !step.group && !step.tuple;
}

/** One name of a chain. */
interface Name {
  readonly name: string;
  readonly careful: boolean;
  readonly position: number | undefined;
}

export function nameOf({ value: name, position }: NodeOf<'name'>): Name {
  return { name, careful: isInherited(name), position };
}

/** Follows names from one value. As long as there are no lists on the way, no list is made. */
export function nameChain(steps: readonly Syntax[], from: number): Closure {
  const names = steps.slice(from).map((step) => nameOf(step as NodeOf<'name'>));
  if (names.some(({ careful }) => careful) || names.length > 2) return (input, frame) => follow(input, names, 0, frame);
  const [first, second] = names as [Name, Name?];
  return second === undefined ? oneName(first.name, names) : twoNames(first.name, second.name, names);
}

/** The usual cases, without a loop. */
function oneName(name: string, names: readonly Name[]): Closure {
  return (input, frame) => {
    if (typeof input !== 'object' || input === null) return undefined;
    return Array.isArray(input) ? fromList(input, names, 0, frame) : (input as Fields)[name];
  };
}

function twoNames(first: string, second: string, names: readonly Name[]): Closure {
  return (input, frame) => {
    if (typeof input !== 'object' || input === null) return undefined;
    if (Array.isArray(input)) return fromList(input, names, 0, frame);
    const value = (input as Fields)[first];
    if (typeof value !== 'object' || value === null) return undefined;
    return Array.isArray(value) ? fromList(value, names, 1, frame) : (value as Fields)[second];
  };
}

function follow(input: unknown, names: readonly Name[], from: number, frame: Frame): unknown {
  let value = input;
  for (let index = from; index < names.length; index++) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) return fromList(value, names, index, frame);
    const { name, careful } = names[index] as Name;
    value = ownField(value, name, careful);
  }
  return value;
}

function fromList(list: readonly unknown[], names: readonly Name[], from: number, frame: Frame): unknown {
  let items = list;
  for (let index = from; index < names.length - 1; index++) {
    items = nameOfEach(items, names[index] as Name, frame);
    if (items.length === 0) return undefined;
  }
  return lastName(items, names.at(-1) as Name, frame);
}

/** A single list that the last name gives stays as it is, even empty or with one item. */
function lastName(items: readonly unknown[], name: Name, frame: Frame): unknown {
  if (items.length === 1) return fieldOf(frame.run, items[0], name.name, name.careful);
  const found: unknown[] = [];
  return readEach(items, name, found, frame) ?? frame.run.marks.collapsed(found);
}

/** What the name gives for all items, lists taken apart. */
export function nameOfEach(items: readonly unknown[], name: Name, frame: Frame): unknown[] {
  const found: unknown[] = [];
  readEach(items, name, found, frame);
  return found;
}

/** @returns the list, where the only item that had anything had a list */
function readEach(
  items: readonly unknown[],
  { name, careful, position }: Name,
  found: unknown[],
  { run }: Frame,
): unknown[] | undefined {
  run.spend(items.length, position);
  run.allocateList(items.length, position);
  let givers = 0;
  let list: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
    const value = isObject && !careful ? (item as Fields)[name] : fieldOf(run, item, name, careful);
    if (value === undefined) continue;
    givers++;
    if (Array.isArray(value)) {
      list = value;
      addAll(found, value, run, position);
    } else found.push(value);
  }
  return givers === 1 ? list : undefined;
}

function addAll(found: unknown[], list: readonly unknown[], run: Run, position: number | undefined): void {
  run.allocateList(list.length, position);
  run.spend(list.length, position);
  for (let index = 0; index < list.length; index++) found.push(list[index]);
}
