import type { ErrorData, Json } from '@millrace/contract';
import type { ExpressionTask } from '@millrace/mapping';

/** One thing that a tenant wrote and that is run outside the server's process. */
export type EvaluationTask =
  | ({ readonly kind: 'expression' } & ExpressionTask)
  /** Checks data against a JSON Schema (2020-12, 2019-09 or draft-07); the value is `Problem[]` with pointers into data. */
  | { readonly kind: 'validate'; readonly schema: Json; readonly data: Json }
  /** Checks the schema itself; the value is `Problem[]` with pointers into the schema. */
  | { readonly kind: 'checkSchema'; readonly schema: Json };

/** `value` is absent where an expression has none. */
export type EvaluationResult =
  | { readonly ok: true; readonly value?: Json }
  | { readonly ok: false; readonly error: ErrorData };

/** Parent and child speak JSON, one message a line: the child says that it is ready, then answers in order. */
export interface Request {
  readonly tasks: readonly EvaluationTask[];
}
export type Message = { readonly ready: true } | { readonly results: readonly EvaluationResult[] };

/** Cuts a stream of text at its newlines. */
export class Lines {
  readonly #onLine: (line: string) => void;
  readonly #parts: string[] = [];
  /** Characters of the line that has not ended yet. */
  pending = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: string): void {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      const line = this.#parts.join('') + chunk.slice(start, end);
      this.#parts.length = 0;
      this.pending = 0;
      start = end + 1;
      this.#onLine(line);
    }
    if (start < chunk.length) this.#parts.push(chunk.slice(start));
    this.pending += chunk.length - start;
  }
}
