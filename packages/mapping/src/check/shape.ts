/**
 * What is known of the values that a place can have, be it from a JSON Schema or from an expression. What is not known
 * is everything: a shape never promises more than is certain, so that a check made with it raises no false alarm.
 */
export interface Shape {
  /** Kinds that a value here can be of. */
  readonly kinds: ReadonlySet<Kind>;
  readonly presence: Presence;
  /** Of an object: fields that it always has. */
  readonly required: readonly string[];
  /** Of an object: fields that are known by name. */
  readonly names: readonly string[];
  /** Of an object: what is known of a field. */
  member(name: string): Member;
  /** Of a list: what is known of its items. */
  items(): Shape;
  /** Of a list: it has an item at least. */
  readonly filled: boolean;
  /** How many shapes it is put together from; a bound for what looking at it costs. */
  readonly size: number;
  /** JSON Pointer of what makes the value, where a mapping does; absent for what comes as it is. */
  readonly origin?: string;
}

export const kinds = ['null', 'boolean', 'number', 'string', 'object', 'array'] as const;
export type Kind = (typeof kinds)[number];

/**
 * Whether there is a value: `optional` where it may be left out by what is declared, `unknown` where nothing is said.
 */
export type Presence = 'always' | 'optional' | 'unknown' | 'never';

export interface Member {
  readonly shape: Shape;
  /** False where it is said which fields there are, and this is none of them; absent where nothing is said. */
  readonly declared: boolean | undefined;
}

/** Shapes put together from more parts than this are taken for unknown. */
const maxSize = 64;
const everyKind: ReadonlySet<Kind> = new Set(kinds);

/** Anything, or nothing. */
export const unknown: Shape = {
  kinds: everyKind,
  presence: 'unknown',
  required: [],
  names: [],
  member: () => openMember,
  items: () => unknown,
  filled: false,
  size: 1,
};
/** A value of which nothing is known. */
export const anything: Shape = { ...unknown, presence: 'always' };
/** No value. */
export const nothing: Shape = { ...unknown, kinds: new Set(), presence: 'never', items: () => nothing };

const openMember: Member = { shape: unknown, declared: undefined };
const noMember: Member = { shape: nothing, declared: false };

/** A value of one of these kinds; they are no objects and lists, or nothing is known of what is in them. */
export function ofKind(...some: readonly Kind[]): Shape {
  return { ...anything, kinds: new Set(some) };
}

export function listOf(items: Shape, filled = false): Shape {
  return { ...ofKind('array'), items: () => items, filled };
}

/** An object with these fields and no others, unless it is open. */
export function objectOf(fields: ReadonlyMap<string, Shape>, open = false): Shape {
  return {
    ...ofKind('object'),
    names: [...fields.keys()],
    required: [...fields].filter(([, { presence }]) => presence === 'always').map(([name]) => name),
    member(name) {
      const shape = fields.get(name);
      return shape ? { shape, declared: true } : open ? openMember : noMember;
    },
  };
}

export function withPresence(shape: Shape, presence: Presence): Shape {
  return shape.presence === presence ? shape : { ...shape, presence };
}

export function madeAt(shape: Shape, origin: string): Shape {
  return { ...shape, origin };
}

/** An object of which each field is looked up when it is asked for; there may be others. */
export function objectBy(field: (name: string) => Shape): Shape {
  return { ...ofKind('object'), member: (name) => ({ shape: field(name), declared: undefined }) };
}

/** The same where there need be no value. */
export function perhaps(shape: Shape): Shape {
  return shape.presence === 'never' ? shape : withPresence(shape, 'unknown');
}

export function canBe(shape: Shape, kind: Kind): boolean {
  return shape.kinds.has(kind);
}

/** A value that is there is of this kind and no other. */
export function isAlways(shape: Shape, kind: Kind): boolean {
  return shape.kinds.size === 1 && shape.kinds.has(kind);
}

/** Besides null it is a list and nothing else. */
export function isListOnly({ kinds }: Shape): boolean {
  return kinds.has('array') && kinds.size === (kinds.has('null') ? 2 : 1);
}

export function without(shape: Shape, ...some: readonly Kind[]): Shape {
  const left = new Set([...shape.kinds].filter((kind) => !some.includes(kind)));
  return left.size === shape.kinds.size ? shape : { ...shape, kinds: left };
}

/** One or the other. */
export function either(a: Shape, b: Shape): Shape {
  if (a === b) return a;
  const presence = eitherPresence(a.presence, b.presence);
  if (a.presence === 'never' || a.kinds.size === 0) return withPresence(b, presence);
  if (b.presence === 'never' || b.kinds.size === 0) return withPresence(a, presence);
  const size = a.size + b.size;
  if (size > maxSize) return withPresence(unknown, presence);
  const objects = [a, b].filter((shape) => canBe(shape, 'object'));
  const lists = [a, b].filter((shape) => canBe(shape, 'array'));
  return {
    kinds: new Set([...a.kinds, ...b.kinds]),
    presence,
    required: combined(objects, ({ required }) => required, common) ?? [],
    names: [...new Set(objects.flatMap(({ names }) => names))],
    member: (name) => combined(objects, (shape) => shape.member(name), eitherMember) ?? noMember,
    items: () => combined(lists, (shape) => shape.items(), either) ?? nothing,
    filled: lists.every(({ filled }) => filled),
    size,
    ...originOf(a, b),
  };
}

function common(a: readonly string[], b: readonly string[]): readonly string[] {
  const others = new Set(b);
  return a.filter((name) => others.has(name));
}

function originOf(a: Shape, b: Shape): Pick<Shape, 'origin'> {
  const origin = a.origin ?? b.origin;
  return origin === undefined ? {} : { origin };
}

function combined<T>(shapes: readonly Shape[], look: (shape: Shape) => T, combine: (a: T, b: T) => T): T | undefined {
  const [first, ...others] = shapes.map(look);
  return first && others.reduce(combine, first);
}

function eitherMember(a: Member, b: Member): Member {
  const declared = a.declared === b.declared ? a.declared : a.declared || b.declared || undefined;
  return { shape: either(a.shape, b.shape), declared };
}

function eitherPresence(a: Presence, b: Presence): Presence {
  if (a === b) return a;
  const declared = [a, b].every((presence) => presence === 'always' || presence === 'optional');
  return declared ? 'optional' : 'unknown';
}

/** Both at once. */
export function both(a: Shape, b: Shape): Shape {
  const presence = bothPresence(a.presence, b.presence);
  if (a === b || b === anything || b === unknown) return withPresence(a, presence);
  if (a === anything || a === unknown) return withPresence(b, presence);
  const size = a.size + b.size;
  if (size > maxSize) return withPresence(a, presence);
  return {
    kinds: new Set([...a.kinds].filter((kind) => b.kinds.has(kind))),
    presence,
    required: [...new Set([...a.required, ...b.required])],
    names: [...new Set([...a.names, ...b.names])],
    member: (name) => bothMember(a.member(name), b.member(name)),
    items: () => both(a.items(), b.items()),
    filled: a.filled || b.filled,
    size,
  };
}

function bothMember(a: Member, b: Member): Member {
  return { shape: both(a.shape, b.shape), declared: a.declared || (b.declared ?? a.declared) };
}

function bothPresence(a: Presence, b: Presence): Presence {
  return (['never', 'always', 'optional'] as const).find((presence) => a === presence || b === presence) ?? 'unknown';
}

/** Lists in lists that are told apart. */
const maxListDepth = 3;

/** What a path, or anything else that walks over lists, meets: the value itself, or what is in it, however deep. */
export function elementsOf(shape: Shape, depth = maxListDepth): Shape {
  if (!canBe(shape, 'array')) return withPresence(shape, 'always');
  const inner = withPresence(shape.items(), 'always');
  const deeper = depth === 0 ? anything : elementsOf(inner, depth - 1);
  return withPresence(either(without(shape, 'array'), either(inner, deeper)), 'always');
}

/** A list of what a path has met: of the value itself too, where that is a list which JSONata keeps together. */
export function gathered(shape: Shape): Shape {
  return listOf(metIn(shape));
}

/** One or several of them, or none: what is left of a list that JSONata has walked over. */
export function someOf(shape: Shape): Shape {
  return perhaps(either(metIn(shape), gathered(shape)));
}

/** The value itself or, where that may be a list, any of its elements: which of them an expression meets depends. */
export function metIn(shape: Shape): Shape {
  const elements = elementsOf(shape);
  return canBe(shape, 'array') ? either(withPresence(shape, 'always'), elements) : elements;
}

/** What a list repeats over: its items, or the value itself where that is no list. */
export function itemOf(source: Shape): Shape {
  if (!canBe(source, 'array')) return withPresence(source, 'always');
  return withPresence(either(without(source, 'array'), withPresence(source.items(), 'always')), 'always');
}
