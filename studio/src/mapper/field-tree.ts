import { ExactNumber, isObject, type Json } from '@millrace/contract';
import { canBe, dataKinds, type Kind, type Shape } from '@millrace/mapping';

/** Stands for the items of a list in the way to a field; no field is called so. */
export const item = '\u0000';

/** A field of what comes into a mapping, or of what it makes. */
export interface TreeField {
  /** Tells it from every other field of its tree. */
  readonly key: string;
  /** What the names go on from: nothing for the input or the target, `steps` for `$steps`. */
  readonly root: string;
  /** The way to it, with {@link item} for every list on it. */
  readonly names: readonly string[];
  readonly label: string;
  /** Kinds of values that it can have; none where nothing is known. */
  readonly kinds: readonly Kind[];
  /** It is always there, or has to be. */
  readonly required: boolean;
  /** Its value in the sample; of a list's item, that of the first. */
  readonly value: Json | undefined;
  readonly children: readonly TreeField[];
}

/** Deeper fields are not shown: a schema can lead into itself. */
const deepest = 12;
const mostFields = 5_000;

export interface Whole {
  readonly root: string;
  readonly label: string;
  /** What is known of it. */
  readonly shape: Shape | undefined;
  /** What it is in the sample. */
  readonly sample: Json | undefined;
  /** Further fields by their names, which neither the shape nor the sample has. */
  readonly more?: readonly (readonly string[])[];
}

/** The tree of everything that is known of a value: what its schema declares, and what its sample has besides. */
export function treeOf({ root, label, shape, sample, more = [] }: Whole): TreeField {
  const room = { left: mostFields };
  return grow({ root, label, names: [], shape, sample, more, required: false }, room);
}

interface Growth extends Whole {
  readonly names: readonly string[];
  readonly more: readonly (readonly string[])[];
  readonly required: boolean;
}

function grow(growth: Growth, room: { left: number }): TreeField {
  const { root, names, label, shape, sample, required } = growth;
  room.left--;
  return {
    key: keyOf(names, root),
    root,
    names,
    label,
    kinds: kindsOf(growth),
    required,
    value: sample,
    children: names.length < deepest ? childrenOf(growth, shape, sample, room) : [],
  };
}

export function keyOf(names: readonly string[], root = ''): string {
  return `${root}${JSON.stringify(names)}`;
}

/** The fields of an object; of a list, those of its items. */
function childrenOf(growth: Growth, shape: Shape | undefined, sample: Json | undefined, room: { left: number }) {
  const isList = isListHere(growth);
  if (!isList) return fieldsOf(growth, room);
  const first = Array.isArray(sample) ? sample[0] : sample;
  const more = growth.more.flatMap(([name, ...rest]) => (name === item ? [rest] : []));
  const inner: Growth = { ...growth, names: [...growth.names, item], shape: shape?.items(), sample: first, more };
  if (!isListHere(inner)) return fieldsOf(inner, room);
  return [grow({ ...inner, label: '[ ]', required: false }, room)];
}

function fieldsOf(growth: Growth, room: { left: number }): TreeField[] {
  const { root, names, shape, sample, more } = growth;
  const declared = shape && canBe(shape, 'object') ? shape.names : [];
  const seen = isObject(sample) ? Object.keys(sample) : [];
  const made = more.flatMap(([name]) => (name === undefined ? [] : [name]));
  return [...new Set([...declared, ...seen, ...made])].flatMap((name) => {
    if (room.left <= 0) return [];
    const inner = shape?.member(name).shape;
    const field: Growth = {
      root,
      label: name,
      names: [...names, name],
      shape: inner,
      sample: isObject(sample) && Object.hasOwn(sample, name) ? sample[name] : undefined,
      more: more.flatMap(([first, ...rest]) => (first === name && rest.length > 0 ? [rest] : [])),
      required: shape?.required.includes(name) ?? false,
    };
    return [grow(field, room)];
  });
}

/** What can be anything is what it is in the sample. */
function kindsOf({ shape, sample, more }: Growth): readonly Kind[] {
  if (shape && !canBeAnything(shape)) return [...shape.kinds];
  if (sample !== undefined) return [kindOf(sample)];
  const [first] = more.filter(({ length }) => length > 0);
  return first === undefined ? [] : [first[0] === item ? 'array' : 'object'];
}

/** Nothing is said of what kind of value it is. */
export function canBeAnything(shape: Shape): boolean {
  return dataKinds.every((kind) => canBe(shape, kind));
}

function isListHere(growth: Growth): boolean {
  return isList({ kinds: kindsOf(growth) });
}

/** Besides null it is a list and nothing else. */
export function isList({ kinds }: Pick<TreeField, 'kinds'>): boolean {
  return kinds.includes('array') && kinds.every((kind) => kind === 'array' || kind === 'null');
}

function kindOf(value: Json): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof ExactNumber) return 'number';
  return typeof value as Kind;
}

/** The field with all that are in it, each before its own. */
export function everyField(field: TreeField): TreeField[] {
  return [field, ...field.children.flatMap(everyField)];
}

/** A field's way for people: `header.currency`, `lines[].sku`. */
export function wayInWords({ root, names }: Pick<TreeField, 'root' | 'names'>): string {
  const start = root === '' ? '' : `$${root}`;
  return names.reduce((way, name) => (name === item ? `${way}[]` : way === '' ? name : `${way}.${name}`), start);
}
