import { canBe, dataKinds, type Kind, type Shape } from './shape.ts';

/** Fields of an object that are named, and objects inside one another that are shown. */
const mostFields = 12;
const mostLevels = 2;

const kindWords: Readonly<Record<Kind, string>> = {
  null: 'null',
  boolean: 'true or false',
  number: 'number',
  string: 'text',
  object: 'object',
  array: 'list',
  function: 'function',
};

/** A type for people: `text`, `number or nothing`, `list of { sku: text, qty?: number }`, `anything`. */
export function inWords(shape: Shape, levels = mostLevels): string {
  if (shape.presence === 'never' || shape.kinds.size === 0) return 'nothing';
  const value = valueInWords(shape, levels);
  const isOpen = shape.presence === 'always' || value === 'anything';
  return isOpen ? value : `${value} or nothing`;
}

function valueInWords(shape: Shape, levels: number): string {
  if (dataKinds.every((kind) => canBe(shape, kind))) return 'anything';
  return [...shape.kinds].map((kind) => kindInWords(shape, kind, levels)).join(' or ');
}

function kindInWords(shape: Shape, kind: Kind, levels: number): string {
  if (kind === 'object' && levels > 0 && shape.names.length > 0) return objectInWords(shape, levels - 1);
  if (kind === 'array') return listInWords(shape, levels);
  if (kind === 'function' && shape.callable) return callableInWords(shape.callable.parameters);
  return kindWords[kind];
}

function objectInWords(shape: Shape, levels: number): string {
  const shown = shape.names.slice(0, mostFields).map((name) => {
    const member = shape.member(name).shape;
    const mark = member.presence === 'always' ? '' : '?';
    return `${name}${mark}: ${inWords({ ...member, presence: 'always' }, levels)}`;
  });
  const rest = shape.names.length > mostFields ? [`… ${shape.names.length - mostFields} more`] : [];
  return `{ ${[...shown, ...rest].join(', ')} }`;
}

function listInWords(shape: Shape, levels: number): string {
  const items = inWords({ ...shape.items(), presence: 'always' }, levels);
  return items === 'anything' || items === 'nothing' ? 'list' : `list of ${items}`;
}

function callableInWords(parameters: readonly string[]): string {
  return `function(${parameters.map((name) => `$${name}`).join(', ')})`;
}
