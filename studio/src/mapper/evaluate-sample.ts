import { isObject, type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import { type CodeTables, evaluate, fieldsToText, keepLists } from '@millrace/mapping';
import type { Evaluation } from '../api/types.ts';
import type { Mapping } from './mapping.ts';

/** A mapping with everything that it needs to be evaluated on a sample. */
export interface Question {
  readonly mapping: Mapping;
  /** JSON Schema: a list in it is a list in the result. */
  readonly target: Json | undefined;
  readonly input: Json;
  readonly bindings: Readonly<Record<string, Json>>;
  readonly tables: CodeTables;
  /** ISO time that `$now()` gives. */
  readonly now: string;
}

/** A question or answer as JSON text: exact numbers would not survive the way between threads otherwise. */
export function answerTo(question: string): string {
  return writeJson(answer(readJson(question) as unknown as Question) as unknown as Json);
}

function answer({ mapping, target, input, bindings, tables, now }: Question): Evaluation {
  try {
    const text = mapping.kind === 'fields' ? fieldsToText(mapping.fields) : mapping.expression;
    // This thread can be ended, so that a regular expression may take any time.
    const value = evaluate({ text, input, bindings, tables, now, seed: now }, { mayBacktrack: true });
    if (value === undefined) return {};
    return { result: target === undefined ? value : keepLists(value, target) };
  } catch (thrown) {
    if (thrown instanceof MillraceError) return { error: errorOf(thrown) };
    throw thrown;
  }
}

function errorOf({ code, message, options: { details } }: MillraceError): NonNullable<Evaluation['error']> {
  const position = isObject(details) ? details.position : undefined;
  return { code, message, ...(typeof position === 'number' && { position }) };
}
