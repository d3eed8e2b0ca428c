import type { Json } from './json.ts';

/**
 * What kind of trouble an error is; decides how often and how soon a node is tried again.
 * Figures: `retry.ts` of the flow package.
 */
export type ErrorCategory =
  | 'transient'
  | 'rate-limit'
  | 'auth'
  | 'validation'
  | 'not-found'
  | 'server'
  | 'cancelled'
  | 'internal';

/** One thing that is wrong with an input, and where. */
export interface Problem {
  /** Machine code, `UPPER_SNAKE`. */
  readonly code: string;
  /** JSON Pointer (RFC 6901) into what was checked; `''` is the whole. */
  readonly pointer: string;
  /** One human sentence. */
  readonly message: string;
  /** How to mend it, where that is known. */
  readonly hint?: string;
  /**
   * A warning may be right as it is, and a notice is only worth knowing; neither stands in anybody's way. Everything else is
   * an error.
   */
  readonly severity?: 'warning' | 'notice';
  /** The part of the expression at the pointer, in UTF-16 units from where its text begins, inside any `{% … %}`. */
  readonly range?: { readonly from: number; readonly to: number };
}

/** Whether something cannot stay as it is. */
export function isError({ severity }: Problem): boolean {
  return severity === undefined;
}

export interface ErrorOptions {
  readonly category?: ErrorCategory;
  readonly pointer?: string;
  readonly problems?: readonly Problem[];
  readonly details?: Json;
  /** For `rate-limit`: seconds that the other side asks us to wait. */
  readonly retryAfter?: number;
  /** The underlying error: logged, never shown. */
  readonly cause?: unknown;
}

/** The plain-data form of an error, as it is stored, shown and seen by expressions as `$error`. */
export interface ErrorData {
  readonly category: ErrorCategory;
  readonly code: string;
  readonly message: string;
  readonly pointer?: string;
  readonly problems?: readonly Problem[];
  readonly details?: Json;
  readonly retryAfter?: number;
}

/** The one error type: a machine code, a human sentence and a pointer to the place. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  readonly code: string;
  readonly category: ErrorCategory;
  readonly options: ErrorOptions;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.category = options.category ?? 'validation';
    this.options = options;
  }

  toData(): ErrorData {
    const { pointer, problems, details, retryAfter } = this.options;
    return {
      category: this.category,
      code: this.code,
      message: this.message,
      ...(pointer !== undefined && { pointer }),
      ...(problems !== undefined && { problems }),
      ...(details !== undefined && { details }),
      ...(retryAfter !== undefined && { retryAfter }),
    };
  }
}

/** Any thrown thing as error data. What is not ours becomes `INTERNAL`; its text may hold secrets and is only logged. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof MillraceError) return thrown.toData();
  return { category: 'internal', code: 'INTERNAL', message: 'Something went wrong inside Millrace; see the log.' };
}
