import type { Problem } from '@millrace/contract';
import {
  canBe,
  isAlways,
  isListOnly,
  itemOf,
  type Kind,
  type Member,
  type Shape,
  without,
} from '@millrace/jsonata/language';

/** A place of the target, and how it comes about. */
interface Place {
  /** For people: `header.currency`, `lines[].sku`; empty for the whole target. */
  readonly name: string;
  /** JSON Pointer of what makes it. */
  readonly origin: string;
  /** Every run comes here, so that what does not fit fails all of them. */
  readonly certain: boolean;
  /** A single value is made a list where the target wants one; see `keepLists`. */
  readonly keepsLists: boolean;
}

/** What comparing data that comes as it is may cost, in parts of shapes: schemas may lead into themselves without end. */
const maxPassedOn = 1000;

/**
 * What of the source cannot fit the target. What fails every time is an error; what can fail, a warning; where either
 * side is not known, nothing is said.
 */
export function compare(source: Shape, target: Shape, origin: string): readonly Problem[] {
  const comparison = new Comparison();
  comparison.value(source, target, { name: '', origin, certain: true, keepsLists: true });
  return comparison.problems;
}

class Comparison {
  readonly problems: Problem[] = [];
  #passedOn = 0;

  value(source: Shape, target: Shape, place: Place): void {
    if (source.origin === undefined) this.#passedOn += source.size + target.size;
    if (this.#passedOn > maxPassedOn && source.origin === undefined) return;
    if (source.presence === 'never' || source.kinds.size === 0 || target.kinds.size === 0) return;
    const here = {
      ...place,
      origin: source.origin ?? place.origin,
      certain: place.certain && source.presence === 'always',
    };
    if (place.keepsLists && isListOnly(target) && !isAlways(source, 'null'))
      this.#items(without(source, 'null'), target, here);
    else if (![...source.kinds].some((kind) => canBe(target, kind))) this.#report(here, unfit(here, source, target));
    else if (isAlways(source, 'object')) this.#fields(source, target, here);
    else if (isAlways(source, 'array')) this.#items(source, target, here);
  }

  #items(source: Shape, target: Shape, place: Place): void {
    const certain = place.certain && (source.filled || !canBe(source, 'array'));
    this.value(itemOf(source), target.items(), { ...place, name: `${place.name}[]`, certain, keepsLists: false });
  }

  #fields(source: Shape, target: Shape, place: Place): void {
    for (const name of target.required) this.#required(source.member(name), name, place);
    for (const name of source.names) this.#field(source.member(name), target.member(name), name, place);
  }

  #required({ shape: { presence, origin } }: Member, name: string, place: Place): void {
    if (presence !== 'never' && presence !== 'optional') return;
    const here = { ...place, certain: place.certain && presence === 'never', origin: origin ?? place.origin };
    this.#report(here, missing(inside(place, name), presence));
  }

  #field(source: Member, target: Member, name: string, place: Place): void {
    const { shape } = source;
    const certain = place.certain && shape.presence === 'always';
    const here = { ...place, name: inside(place, name), keepsLists: true };
    const isForbidden = target.declared === false && target.shape.presence === 'never';
    if (!isForbidden) this.value(shape, target.shape, here);
    else if (shape.presence !== 'never')
      this.#report({ ...here, certain, origin: shape.origin ?? place.origin }, forbidden(here.name));
  }

  #report({ origin, certain }: Place, problem: Omit<Problem, 'pointer'>): void {
    this.problems.push({ ...problem, pointer: origin, ...(!certain && { severity: 'warning' }) });
  }
}

function inside({ name }: Place, field: string): string {
  return name === '' ? field : `${name}.${field}`;
}

function unfit({ name }: Place, source: Shape, target: Shape): Omit<Problem, 'pointer'> {
  const what = name === '' ? 'The target' : `“${name}” of the target`;
  return { code: 'TARGET_TYPE', message: `${what} takes ${words(target)}, and its source gives ${words(source)}.` };
}

function missing(name: string, presence: 'never' | 'optional'): Omit<Problem, 'pointer'> {
  if (presence === 'never') {
    return {
      code: 'TARGET_REQUIRED',
      message: `“${name}” is required in the target, and nothing makes it.`,
      hint: 'Add a field for it.',
    };
  }
  return {
    code: 'TARGET_REQUIRED',
    message: `“${name}” is required in the target, and its source may have no value.`,
    hint: 'Give it a default, or have what comes in checked for it.',
  };
}

function forbidden(name: string): Omit<Problem, 'pointer'> {
  return { code: 'TARGET_UNKNOWN', message: `The target has no “${name}”, and allows no other fields.` };
}

const kindWords: Readonly<Record<Kind, string>> = {
  null: 'null',
  boolean: 'true or false',
  number: 'a number',
  string: 'text',
  object: 'an object',
  array: 'a list',
  function: 'a function',
};

function words({ kinds }: Shape): string {
  return [...kinds].map((kind) => kindWords[kind]).join(' or ');
}
