import { isObject, type Json, MillraceError } from '@millrace/contract';
import { withoutSecrets } from './hide.ts';
import { type Spelling, spellingsOf } from './spellings.ts';

/**
 * A value (data, or an error with its causes) without the secrets, `[hidden]` in their places; the very same value where it
 * holds none.
 */
export type Hide = <T>(value: T) => T;

/** For what knows no secret. */
export const hideNothing: Hide = (value) => value;

/** Characters of the shortest secret that is looked for: a shorter one cannot be told from ordinary data. */
const shortest = 6;

/** Hides what a connection holds. @param secrets texts, at any depth */
export function hidingOf(secrets: Json): Hide {
  const parts = [...new Set(textsIn(secrets).flatMap(partsOf))];
  if (parts.length === 0) return hideNothing;
  const known = { spellings: parts.flatMap(spellingsOf), length: Math.min(...parts.map((part) => part.length)) };
  return (value) => withoutKnown(value, known);
}

/** What the work answers or throws, without the secrets. */
export async function hidden<T>(hide: Hide, work: () => T | Promise<T>): Promise<T> {
  try {
    return hide(await work());
  } catch (error) {
    throw hide(error);
  }
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Of a key of several lines, each betrays it; what encloses them is no secret. */
function partsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= shortest && !/^-----.*-----$/.test(line));
  return lines.length > 1 ? lines : lines.flatMap((line) => [line, ...(line.match(longPart) ?? [])]);
}

/** Stays as it is in whatever escapes what was escaped before, and betrays most of the secret. */
const longPart = /[A-Za-z0-9]{12,}/g;

interface Known {
  readonly spellings: readonly Spelling[];
  /** No text that is shorter holds any of them; in business data most are. */
  readonly length: number;
}

function withoutKnown<T>(value: T, known: Known): T {
  const hide = (inner: unknown): unknown => {
    if (typeof inner === 'string') return inner.length < known.length ? inner : hideInText(inner, known);
    if (typeof inner !== 'object') return inner;
    if (Array.isArray(inner)) return hideInList(inner, hide);
    if (inner instanceof Error) return hideInError(inner, hide);
    return isPlain(inner) ? hideInObject(inner, hide) : inner;
  };
  return hide(value) as T;
}

type HideInside = (value: unknown) => unknown;

function hideInText(text: string, { spellings }: Known): string {
  return spellings.reduce(
    (hidden, { core, pattern }) => (hidden.includes(core) ? hidden.replaceAll(pattern, '[hidden]') : hidden),
    text,
  );
}

function hideInList(list: readonly unknown[], hide: HideInside): readonly unknown[] {
  const hidden = list.map(hide);
  return hidden.every((item, index) => item === list[index]) ? list : hidden;
}

function hideInObject(object: object, hide: HideInside): object {
  let isSame = true;
  const hidden = Object.entries(object).map(([name, value]): [name: unknown, value: unknown] => {
    const entry: [unknown, unknown] = [hide(name), hide(value)];
    isSame &&= entry[0] === name && entry[1] === value;
    return entry;
  });
  return isSame ? object : Object.fromEntries(hidden);
}

/** What an error is known by is kept; one that is not ours is only ever logged, and becomes what the log makes of it. */
function hideInError(error: Error, hide: HideInside): Error {
  if (error instanceof MillraceError) {
    const { code, message, options } = error;
    const hidden = hide([code, message, options]) as [string, string, MillraceError['options']];
    return hidden[0] === code && hidden[1] === message && hidden[2] === options ? error : new MillraceError(...hidden);
  }
  const { err } = withoutSecrets({ err: error });
  const hidden = hide(err) as object;
  return hidden === err ? error : Object.assign(new Error(), hidden);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
