import { builtIns } from '../functions/functions.ts';
import { Native } from '../native.ts';
import { builtInDocs } from './docs/built-in-docs.ts';
import { anyOf, elementsOf, isFlat, itemOf, metIn, someOf } from './elements.ts';
import type { CallsBack, FunctionCall, FunctionKnowledge } from './functions.ts';
import {
  canBe,
  either,
  impossible,
  listOf,
  nothing,
  objectOf,
  ofKind,
  perhaps,
  type Shape,
  unknown,
  withPresence,
} from './shape.ts';

type Result = (call: FunctionCall) => Shape;

const text = ofKind('string');
const number = ofKind('number');

/** Functions that have a value even where their arguments have none. */
const always =
  (shape: Shape): Result =>
  () =>
    shape;
/** Functions that need not have a value where their arguments have one. */
const maybe =
  (shape: Shape): Result =>
  () =>
    perhaps(shape);
/**
 * The items of a list in another order; a single value becomes a list. Of a list that functions have given, a list of one
 * may be what is in it.
 */
const listOfSame: Result = ({ args: [list = unknown] }) =>
  isFlat(list) ? withPresence(listOf(itemOf(list), !canBe(list, 'array') || list.filled), list.presence) : anyOf(list);
const someOfSame: Result = ({ args: [list = unknown] }) => someOf(list);
/** None, one or several. */
const severalOf = (item: Shape): Shape =>
  perhaps(either(withPresence(item, 'always'), listOf(withPresence(item, 'always'))));

const match = objectOf(
  new Map([
    ['match', text],
    ['index', number],
    ['groups', listOf(text)],
  ]),
);
/** What the replacing function of `$replace` is called with. */
const found = objectOf(
  new Map([
    ['match', text],
    ['start', number],
    ['end', number],
    ['groups', listOf(text)],
  ]),
);

/** What functions give besides what their signatures say. */
const results: Readonly<Record<string, Result>> = {
  append: ({ args: [first = unknown, second = unknown] }) => {
    const both = listOf(either(itemOf(first), itemOf(second)), [first, second].some(isFilled));
    if (first.presence === 'never') return second;
    if (second.presence === 'never') return first;
    const areThere = first.presence === 'always' && second.presence === 'always';
    return areThere ? both : perhaps(either(either(metIn(first), metIn(second)), both));
  },
  assert: always(nothing),
  average: maybe(number),
  // Functions among what the expression has made become text.
  clone: ({ args: [value = unknown] }) => (value.origin === undefined ? perhaps(value) : unknown),
  count: always(number),
  distinct: someOfSame,
  each: ({ answer }) => severalOf(metIn(answer())),
  error: always(impossible),
  eval: always(unknown),
  exists: always(ofKind('boolean')),
  filter: someOfSame,
  keys: always(severalOf(text)),
  lookup: ({ args: [value = unknown], field }) => field(value, 1) ?? unknown,
  map: ({ answer }) => severalOf(metIn(answer())),
  match: always(severalOf(match)),
  max: maybe(number),
  merge: ({ args: [objects = unknown] }) => withPresence(mergedFrom(elementsOf(objects)), objects.presence),
  millis: always(number),
  min: maybe(number),
  now: always(text),
  parseInteger: maybe(number),
  random: always(number),
  reduce: ({ args: [list = unknown, , start = nothing], answer }) =>
    perhaps(either(either(metIn(answer()), metIn(start)), metIn(itemOf(list)))),
  reverse: listOfSame,
  shuffle: listOfSame,
  sift: ({ args: [object = unknown] }) => perhaps(withoutPromises(object)),
  single: ({ args: [list = unknown] }) => perhaps(metIn(itemOf(list))),
  sort: listOfSame,
  split: ({ args: [whole = unknown, separator] }) =>
    separator && whole.presence === 'always' ? listOf(text) : perhaps(listOf(text)),
  spread: always(unknown),
  toMillis: maybe(number),
  zip: maybe(listOf(listOf(unknown))),
};

function isFilled(shape: Shape): boolean {
  return shape.presence === 'always' && (!canBe(shape, 'array') || shape.filled);
}

/** Fields of any of the objects. */
function mergedFrom(element: Shape): Shape {
  return { ...withoutPromises(element), kinds: new Set(['object']) };
}

/** The same object, of which fields may be missing. */
function withoutPromises(object: Shape): Shape {
  return {
    ...ofKind('object'),
    names: object.names,
    member(name) {
      const { shape, declared } = object.member(name);
      return { shape: perhaps(shape), declared };
    },
  };
}

type Args = readonly Shape[];

/** A list that a filter has left may hold what is missing. */
const anItemOf = (list: Shape): Shape => perhaps(metIn(itemOf(list)));
const eachItem = ([list = unknown]: Args): Args => [anItemOf(list), number, listOf(itemOf(list))];
const eachField = ([object = unknown]: Args): Args => [unknown, text, object];

/** What functions call functions with, which are their second arguments, of `$replace` the third. */
const callsBack: Readonly<Record<string, CallsBack['with']>> = {
  each: eachField,
  filter: eachItem,
  map: eachItem,
  match: () => [text],
  reduce: (args) => [unknown, ...eachItem(args)],
  replace: () => [found],
  sift: eachField,
  single: eachItem,
  sort: ([list = unknown]) => [anItemOf(list), anItemOf(list)],
};

/** All functions of JSONata 2.2.2, by name without the `$`. */
export const builtInFunctions: ReadonlyMap<string, FunctionKnowledge> = new Map(
  [...builtIns].map(([name, callable]) => {
    const signature = callable instanceof Native ? Native.partsOf(callable).signature?.definition : undefined;
    const calls = callsBack[name] && { argument: name === 'replace' ? 2 : 1, with: callsBack[name] };
    return [name, { signature, docs: builtInDocs[name], callsBack: calls, result: results[name] }] as const;
  }),
);
