import type { Frame } from '../../frame.ts';
import type { NodeOf, Syntax } from '../../front/syntax.ts';
import { fieldOf, fieldReader, isInherited, type ReadField } from '../../value/field.ts';
import { collapsed } from '../../value/marks.ts';
import type { Fields } from '../../value/type.ts';
import type { Closure } from '../code.ts';

/** A step that is a name and nothing else. */
export function isPlainName(step: Syntax): step is NodeOf<'name'> {
  return step.type === 'name' && !step.stages && !step.tuple;
}

/** Follows names from one value. As long as there are no lists on the way, no list is made. */
export function nameChain(steps: readonly Syntax[], from: number): Closure {
  const names = steps.slice(from).map((step) => (step as NodeOf<'name'>).value);
  const follow = followed(names.map(fieldReader), steps.at(-1)?.position);
  if (names.some(isInherited) || names.length > 2) return (input, frame) => follow(input, frame, 0);
  const [first, second] = names as [string, string?];
  return second === undefined ? oneName(first, follow) : twoNames(first, second, follow);
}

type Follow = (value: unknown, frame: Frame, from: number) => unknown;

/** The usual case without a call for each name. */
function oneName(name: string, follow: Follow): Closure {
  return (input, frame) => {
    if (typeof input !== 'object' || input === null) return undefined;
    return Array.isArray(input) ? follow(input, frame, 0) : (input as Fields)[name];
  };
}

function twoNames(first: string, second: string, follow: Follow): Closure {
  return (input, frame) => {
    if (typeof input !== 'object' || input === null) return undefined;
    if (Array.isArray(input)) return follow(input, frame, 0);
    const value = (input as Fields)[first];
    if (typeof value !== 'object' || value === null) return undefined;
    return Array.isArray(value) ? follow(value, frame, 1) : (value as Fields)[second];
  };
}

function followed(reads: readonly ReadField[], position: number | undefined): Follow {
  return (input, frame, from) => {
    let value = input;
    for (let index = from; index < reads.length; index++) {
      if (typeof value !== 'object' || value === null) return undefined;
      if (Array.isArray(value)) return fromList(value, reads, index, frame, position);
      value = (reads[index] as ReadField)(value);
    }
    return value;
  };
}

function fromList(
  list: readonly unknown[],
  reads: readonly ReadField[],
  from: number,
  frame: Frame,
  position: number | undefined,
): unknown {
  let items = list;
  for (let index = from; index < reads.length - 1; index++) {
    items = nameOfEach(items, reads[index] as ReadField, frame, position);
    if (items.length === 0) return undefined;
  }
  return lastName(items, reads.at(-1) as ReadField, frame, position);
}

/** A single list that the last name gives stays as it is, even empty or with one item. */
function lastName(items: readonly unknown[], read: ReadField, frame: Frame, position: number | undefined): unknown {
  if (items.length === 1) return fieldOf(items[0], read);
  const found: unknown[] = [];
  const only = readEach(items, read, found, frame, position);
  return only ?? collapsed(found);
}

/** What the name gives for all items, lists taken apart. */
export function nameOfEach(
  items: readonly unknown[],
  read: ReadField,
  frame: Frame,
  position: number | undefined,
): unknown[] {
  const found: unknown[] = [];
  readEach(items, read, found, frame, position);
  return found;
}

/** @returns the list, where the only item that had anything had a list */
function readEach(
  items: readonly unknown[],
  read: ReadField,
  found: unknown[],
  { run }: Frame,
  position: number | undefined,
): unknown[] | undefined {
  run.spend(items.length, position);
  run.allocateList(items.length, position);
  let givers = 0;
  let list: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const value = typeof item === 'object' && item !== null && !Array.isArray(item) ? read(item) : fieldOf(item, read);
    if (value === undefined) continue;
    givers++;
    if (Array.isArray(value)) {
      list = value;
      run.allocateList(value.length, position);
      run.spend(value.length, position);
      for (let inner = 0; inner < value.length; inner++) found.push(value[inner]);
    } else found.push(value);
  }
  return givers === 1 ? list : undefined;
}
