import { JsonataError } from '../failure.ts';
import { parsePartly } from '../front/parse.ts';
import type { Syntax } from '../front/syntax.ts';
import { type Diagnostic, diagnosticOf, syntaxDiagnostic } from './diagnostics.ts';
import { type Environment, functionsOf, scopeOf } from './environment.ts';
import { type Inferred, infer } from './infer/inference.ts';
import { type Range, Ranges } from './ranges.ts';
import { type Shape, unknown } from './shape.ts';

export interface Analysis {
  /** What the expression gives. */
  readonly shape: Shape;
  readonly diagnostics: readonly Diagnostic[];
  /** Fields that are read from what nothing is known of, so that nobody can tell whether they are there. */
  readonly openFields: readonly OpenField[];
}

export interface OpenField extends Range {
  readonly name: string;
}

/** A text, or an expression that has been compiled from it. */
export type Source = string | { readonly text: string; readonly syntax: Syntax };

/**
 * What an expression gives, and what is wrong with it, known from its text and from what it sees. Of a text that cannot be
 * read only that is told. Never throws.
 */
export function analyse(source: Source, environment: Environment = {}): Analysis {
  const text = typeof source === 'string' ? source : source.text;
  const { inferred, errors } = look(source, environment);
  const ranges = new Lazy(() => new Ranges(text));
  if (errors.length > 0)
    return {
      shape: unknown,
      diagnostics: errors.map((error) => syntaxDiagnostic(error, ranges.value)),
      openFields: [],
    };
  const { shape, findings, shapes, open } = inferred;
  return {
    shape,
    diagnostics: findings.map((finding) => diagnosticOf(finding, shapes, ranges.value)),
    get openFields() {
      return [...open].map((node) => ({ name: node.value, ...(ranges.value.of(node) ?? { from: 0, to: 0 }) }));
    },
  };
}

interface Look {
  readonly inferred: Inferred;
  readonly errors: readonly JsonataError[];
}

/** Nothing is known of a text that cannot be read at all, or is nested so deeply that it cannot be looked through. */
const blank: Inferred = { shape: unknown, findings: [], shapes: new Map(), gaps: new Map(), open: new Set() };

/** Reads a text as far as it can be read, and infers from that. */
export function look(source: Source, environment: Environment): Look {
  try {
    const { syntax, errors } = typeof source === 'string' ? parsePartly(source) : { syntax: source.syntax, errors: [] };
    const knowledge = {
      functions: functionsOf(environment),
      hasEveryName: environment.bindings !== undefined,
      mayBacktrack: environment.mayBacktrack ?? false,
      origin: environment.origin ?? '',
    };
    return { inferred: infer(syntax, scopeOf(environment), knowledge), errors };
  } catch (thrown) {
    if (thrown instanceof JsonataError) return { inferred: blank, errors: [thrown] };
    if (thrown instanceof RangeError) return { inferred: blank, errors: [] };
    throw thrown;
  }
}

class Lazy<T> {
  readonly #make: () => T;
  #made: T | undefined;

  constructor(make: () => T) {
    this.#make = make;
  }

  get value(): T {
    this.#made ??= this.#make();
    return this.#made;
  }
}
