import { type ErrorCategory, MillraceError } from '@millrace/contract';
import { JsonataError } from '@millrace/jsonata';

const maxAuthored = 500;

/** Where our own code says all. */
const ours: Readonly<Record<string, string>> = {
  D1021: 'EXPRESSION_TIMEOUT',
  D1022: 'EXPRESSION_MEMORY',
  D3122: 'EXPRESSION_EVAL_OFF',
};

/** @throws what is no error of the expression */
export function parseFailure(thrown: unknown): MillraceError {
  if (thrown instanceof JsonataError) return failure('EXPRESSION_PARSE', thrown.message, thrown);
  throw thrown;
}

/**
 * The error of an evaluation, free of payload values.
 * @param literals the expression's string literals: a message of `$error` or `$assert` is shown where it is one of
 * them, for a computed message may hold data
 * @throws what is no error of the expression
 */
export function evaluationFailure(thrown: unknown, literals: () => ReadonlySet<string>): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (!(thrown instanceof JsonataError)) throw thrown;
  return failure(ours[thrown.code] ?? 'EXPRESSION_FAILED', messageOf(thrown, literals), thrown);
}

function messageOf({ authored, message, code }: JsonataError, literals: () => ReadonlySet<string>): string {
  if (!authored) return message;
  if (literals().has(message)) return message.slice(0, maxAuthored);
  return new JsonataError(code).message;
}

function failure(code: string, message: string, { code: jsonata, position }: JsonataError): MillraceError {
  const category: ErrorCategory = 'validation';
  return new MillraceError(code, message, {
    category,
    details: { ...(!(jsonata in ours) && { jsonata }), ...(position !== undefined && { position }) },
  });
}
