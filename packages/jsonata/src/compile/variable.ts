import { type Frame, unset } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { type Closure, type Code, code } from './code.ts';
import type { Place, Scope } from './scope.ts';
import { globalNumber } from './unit.ts';

export function compileVariable({ value: name }: NodeOf<'variable'>, scope: Scope): Code {
  return code(name === '' ? readInput : reader(name, scope));
}

/** `%`: the parser has put a label on the step whose input is meant. */
export function compileParent({ slot }: NodeOf<'parent'>, scope: Scope): Code {
  return code(reader(slot.label, scope));
}

function readInput(input: unknown, { run }: Frame): unknown {
  if (!Array.isArray(input) || input.length !== 1) return input;
  return input === run.wrapper || run.marks.isSequence(input) ? (input[0] as unknown) : input;
}

/** Reads a variable: the innermost place that is bound, or what the host has given by that name. */
export function reader(name: string, scope: Scope): Closure {
  const places = scope.placesOf(name);
  const outermost = places.at(-1);
  let read: Closure | undefined = outermost?.certain ? undefined : global(globalNumber(scope.unit, name));
  for (const place of places.toReversed()) read = read === undefined ? readPlace(place) : readOr(place, read);
  return read as Closure;
}

function global(number: number): Closure {
  return (_input, { run }) => run.globals[number];
}

function readPlace({ hops, slot }: Place): Closure {
  if (hops === 0) return (_input, frame) => frame.slots[slot];
  if (hops === 1) return (_input, frame) => (frame.parent as Frame).slots[slot];
  return (_input, frame) => ancestor(frame, hops).slots[slot];
}

function readOr({ hops, slot }: Place, otherwise: Closure): Closure {
  return (input, frame) => {
    const value = ancestor(frame, hops).slots[slot];
    return value === unset ? otherwise(input, frame) : value;
  };
}

function ancestor(frame: Frame, hops: number): Frame {
  let found = frame;
  for (let hop = 0; hop < hops; hop++) found = found.parent as Frame;
  return found;
}
