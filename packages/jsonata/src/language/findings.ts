import type { Syntax } from '../front/syntax.ts';

/**
 * Something that is found wrong with a part of an expression. Codes are JSONata's where an evaluation would fail with
 * one, besides FIELD_UNKNOWN (a path to what is not declared), NEVER_EQUAL (values that can never be equal) and
 * VARIABLE_UNKNOWN.
 */
export interface Finding {
  readonly node: Syntax;
  readonly code: string;
  /** Every evaluation fails; otherwise only some do, or none. */
  readonly fails: boolean;
  /** Operator or name in the sentence. */
  readonly token?: string | undefined;
  /** Number of an argument, from 1. */
  readonly index?: number | undefined;
  /** FIELD_UNKNOWN: the path up to the field, and what fields there are instead. */
  readonly path?: string;
  readonly instead?: readonly string[];
}
