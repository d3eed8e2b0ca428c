import { ExactNumber, MillraceError } from '@millrace/contract';
import { sentences } from './sentences.ts';

/** What JSONata throws: an own object or an Error with a code; its message holds payload values and is never used. */
interface Thrown {
  readonly code?: unknown;
  readonly position?: unknown;
  readonly token?: unknown;
  readonly index?: unknown;
  readonly message?: unknown;
  /** What was wrong: data, never shown. */
  readonly value?: unknown;
}

/** Codes of `$error` and `$assert`, whose message is the author's. */
const authored = new Set(['D3137', 'D3141']);
const maxAuthored = 500;
const exactHint = 'A number of so many digits needs the $money functions.';

export function parseFailure(thrown: unknown): MillraceError {
  if (thrown instanceof RangeError) return failure('EXPRESSION_PARSE', 'The expression is nested too deeply.', {});
  return failure('EXPRESSION_PARSE', sentence(asThrown(thrown), 'The expression cannot be read'), asThrown(thrown));
}

/**
 * The error of an evaluation, free of payload values.
 * @param literals the expression's string literals: a message of `$error` or `$assert` is shown where it is one of
 * them, for a computed message may hold data
 */
export function evaluationFailure(thrown: unknown, literals: () => ReadonlySet<string>): MillraceError {
  if (thrown instanceof MillraceError) return positioned(thrown);
  if (thrown instanceof RangeError) return failure('EXPRESSION_FAILED', sentences.D1011 ?? '', { code: 'D1011' });
  const error = asThrown(thrown);
  return failure(
    'EXPRESSION_FAILED',
    authoredMessage(error, literals) ?? sentence(error, 'The expression failed'),
    error,
  );
}

function authoredMessage({ code, message }: Thrown, literals: () => ReadonlySet<string>): string | undefined {
  if (typeof code !== 'string' || !authored.has(code) || typeof message !== 'string') return undefined;
  return literals().has(message) ? message.slice(0, maxAuthored) : undefined;
}

/** JSONata notes on whatever passes through it where it came from. */
function positioned(error: MillraceError): MillraceError {
  const { position } = error as { position?: unknown };
  if (typeof position !== 'number') return error;
  const details = { ...(error.options.details as object | undefined), position };
  return new MillraceError(error.code, error.message, { ...error.options, details });
}

function failure(code: string, message: string, { code: jsonata, position }: Thrown): MillraceError {
  const details = {
    ...(typeof jsonata === 'string' && { jsonata }),
    ...(typeof position === 'number' && { position }),
  };
  return new MillraceError(code, message, { category: 'validation', details });
}

function asThrown(thrown: unknown): Thrown {
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}

function sentence(error: Thrown, otherwise: string): string {
  const known = typeof error.code === 'string' ? sentences[error.code] : undefined;
  if (known === undefined) return `${otherwise}.`;
  const said = known.replace(/\{(token|index)\}/g, (_, name: 'token' | 'index') => named(error[name]));
  return error.value instanceof ExactNumber ? `${said} ${exactHint}` : said;
}

/** Tokens are operators and names out of the expression's own text. */
function named(token: unknown): string {
  if (typeof token === 'number') return String(token);
  return typeof token === 'string' && token.length <= 60 ? `“${token}”` : 'it';
}
