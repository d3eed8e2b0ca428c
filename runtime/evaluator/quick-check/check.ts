import type { Json, JsonObject } from '@millrace/contract';
import type { Work } from './work.ts';

/** Whether a value fits. @throws {CannotTell} */
export type Check = (data: Json, work: Work) => boolean;

/** Where a keyword stands. */
export interface Place {
  /** The keywords beside it. */
  readonly schema: JsonObject;
  /** The check of a schema within this one; nothing where a part of it is left to ajv. */
  readonly compile: (schema: Json) => Check | undefined;
  /** What a reference within the whole leads to. */
  readonly find: (pointer: string) => Json | undefined;
}

/** The check that a keyword asks for; nothing where it is left to ajv, as is every value that is not surely sound. */
export type Keyword = (value: Json, place: Place) => Check | undefined;

/** What everything fits. */
export const anything: Check = () => true;

/** The check of all parts; nothing where one is missing. */
export function every(checks: readonly (Check | undefined)[]): Check | undefined {
  const parts: Check[] = [];
  for (const check of checks) {
    if (!check) return undefined;
    if (check !== anything) parts.push(check);
  }
  if (parts.length === 0) return anything;
  if (parts.length === 1) return parts[0];
  return (data, work) => parts.every((part) => part(data, work));
}
