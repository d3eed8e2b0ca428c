/**
 * The type of a place: what is known of the values that it can have, be it from a JSON Schema or from an expression. What
 * is not known is everything: a shape never promises more than is certain, so that a check made with it raises no false
 * alarm.
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
  /** The shape that this one is but for its presence. */
  readonly core?: Shape;
  /** The shapes of which it is one or the other, as far as they are told apart. */
  readonly parts?: readonly Shape[];
  /** Where the value is made, as the host says it; absent for what comes as it is. */
  readonly origin?: string;
  /** Of a function: what is known of it. */
  readonly callable?: CallableShape;
}

export interface CallableShape {
  /** Of a function that the language or the host has: its name. */
  readonly name?: string;
  /** Names without the `$`, where they are known. */
  readonly parameters: readonly string[];
  /** What a call with such arguments gives. */
  result(args: readonly Shape[]): Shape;
}

/** What JSON data is made of. */
export const dataKinds = ['null', 'boolean', 'number', 'string', 'object', 'array'] as const;
export type DataKind = (typeof dataKinds)[number];
export type Kind = DataKind | 'function';

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

/** Anything, or nothing. */
export const unknown: Shape = {
  kinds: new Set([...dataKinds, 'function']),
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
/** The same of data, which never holds a function. */
export const unknownData: Shape = {
  ...unknown,
  kinds: new Set(dataKinds),
  member: () => openData,
  items: () => unknownData,
};
export const anyData: Shape = { ...unknownData, presence: 'always' };
/** No value. */
export const nothing: Shape = { ...unknown, kinds: new Set(), presence: 'never', items: () => nothing };
/** What is never reached: neither a value nor none. */
export const impossible: Shape = { ...nothing, presence: 'always' };

const openMember: Member = { shape: unknown, declared: undefined };
const openData: Member = { shape: unknownData, declared: undefined };
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
  if (shape.presence === presence) return shape;
  const core = coreOf(shape);
  return core.presence === presence ? core : { ...shape, presence, core };
}

/** The shape without what it says of its presence: the same one for all that are alike. */
export function coreOf(shape: Shape): Shape {
  return shape.core ?? shape;
}

export function madeAt({ core, parts, ...shape }: Shape, origin: string): Shape {
  return { ...shape, origin };
}

/** An object of which each field is looked up when it is asked for. @param names of fields; there may be others */
export function objectBy(names: readonly string[], field: (name: string) => Shape): Shape {
  return { ...ofKind('object'), names, member: (name) => ({ shape: field(name), declared: undefined }) };
}

export function functionOf(callable: CallableShape): Shape {
  return { ...ofKind('function'), callable };
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
  const left = [...shape.kinds].filter((kind) => !some.includes(kind));
  if (left.length === shape.kinds.size) return shape;
  if (left.length === 0) return { ...nothing, presence: shape.presence };
  const parts = shape.parts?.map((part) => without(part, ...some)).filter(({ kinds }) => kinds.size > 0);
  if (parts) return withPresence(unionOf(parts), shape.presence);
  const { core, ...own } = shape;
  return { ...own, kinds: new Set(left) };
}

/** One or the other. */
export function either(a: Shape, b: Shape): Shape {
  if (a === b) return a;
  const presence = eitherPresence(a.presence, b.presence);
  if (a.presence === 'never' || a.kinds.size === 0) return withPresence(b, presence);
  if (b.presence === 'never' || b.kinds.size === 0) return withPresence(a, presence);
  const parts = [...new Set([...partsOf(a), ...partsOf(b)])];
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return size > maxSize ? withPresence(unknown, presence) : withPresence(unionOf(parts), presence);
}

function partsOf(shape: Shape): readonly Shape[] {
  return coreOf(shape).parts ?? [coreOf(shape)];
}

/** One of several; there is a value. */
function unionOf(parts: readonly Shape[]): Shape {
  const [only] = parts;
  if (only && parts.length === 1) return withPresence(only, 'always');
  const objects = parts.filter((part) => canBe(part, 'object'));
  const lists = parts.filter((part) => canBe(part, 'array'));
  const [callable, ...others] = parts.filter((part) => canBe(part, 'function'));
  const origin = parts.find((part) => part.origin !== undefined)?.origin;
  return {
    kinds: new Set(parts.flatMap(({ kinds }) => [...kinds])),
    presence: 'always',
    required: combined(objects, ({ required }) => required, common) ?? [],
    names: [...new Set(objects.flatMap(({ names }) => names))],
    member: (name) => combined(objects, (part) => part.member(name), eitherMember) ?? noMember,
    items: () => combined(lists, (part) => part.items(), either) ?? nothing,
    filled: lists.every(({ filled }) => filled),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    parts,
    ...(origin !== undefined && { origin }),
    ...(callable?.callable && others.length === 0 && { callable: callable.callable }),
  };
}

function common(a: readonly string[], b: readonly string[]): readonly string[] {
  const others = new Set(b);
  return a.filter((name) => others.has(name));
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
  if (a === b || saysNothing(b)) return withPresence(a, presence);
  if (saysNothing(a)) return withPresence(b, presence);
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

/** A shape without any knowledge of data. */
export function saysNothing(shape: Shape): boolean {
  return shape === unknown || shape === anything || shape === unknownData || shape === anyData;
}

function bothMember(a: Member, b: Member): Member {
  return { shape: both(a.shape, b.shape), declared: a.declared || (b.declared ?? a.declared) };
}

function bothPresence(a: Presence, b: Presence): Presence {
  return (['never', 'always', 'optional'] as const).find((presence) => a === presence || b === presence) ?? 'unknown';
}
