import { givenAll } from './infer/walk.ts';
import { type Kind, ofKind, type Shape, unknown } from './shape.ts';

const kinds: Readonly<Record<string, Kind>> = { s: 'string', n: 'number', b: 'boolean' };

/**
 * What a function gives by its signature alone: a text, number or truth value where that is said, whenever all its
 * arguments have a value.
 */
export function resultOfSignature(signature: string | undefined, args: readonly Shape[]): Shape {
  const kind = kinds[/:([snb])>$/.exec(signature ?? '')?.[1] ?? ''];
  return kind === undefined ? unknown : givenAll(ofKind(kind), args);
}
