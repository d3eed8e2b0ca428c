import type { Targets } from './target/targets.ts';

/** What became of an attack. One that was not tried has neither held nor fallen. */
export type Verdict =
  | { readonly kind: 'held'; readonly how: string }
  | { readonly kind: 'fell'; readonly what: string }
  | { readonly kind: 'not tried'; readonly why: string };

/** Tests that try the attack where the running system cannot be asked: a file, and what their full names look like. */
export interface TestReference {
  /** From the root of the project. */
  readonly file: string;
  readonly name: RegExp;
}

/** One numbered case of the design's list. */
export interface Attack {
  readonly number: number;
  readonly title: string;
  /** Tries it against the running system. What it throws has fallen. */
  readonly try?: (targets: Targets) => Promise<Verdict>;
  /** Tried as well, or instead. */
  readonly tests?: readonly TestReference[];
}

export const held = (how: string): Verdict => ({ kind: 'held', how });
export const fell = (what: string): Verdict => ({ kind: 'fell', what });
export const notTried = (why: string): Verdict => ({ kind: 'not tried', why });

/** Held where nothing is wrong; otherwise what is wrong first. */
export function heldUnless(problems: readonly string[], how: string): Verdict {
  return problems.length === 0 ? held(how) : fell(problems.slice(0, 3).join('; '));
}
