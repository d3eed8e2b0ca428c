import { type ErrorCategory, MillraceError } from '@millrace/contract';
import { described, type HttpRequest } from './request.ts';
import { excerptOf, type ReadResponse } from './response.ts';

/** Failures of the way there: the request has certainly not arrived. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Statuses by which a gateway says that it lost sight of the request. */
const lostByGateway = new Set([502, 504]);

/** What kind of trouble a status is; the figures behind each kind are the engine's. */
function categoryOf(status: number): ErrorCategory {
  if (status === 408 || status === 503 || status === 504) return 'transient';
  if (status === 429) return 'rate-limit';
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'server' : 'validation';
}

/** The error for a status that was not expected: `HTTP_<status>`, or `OUTCOME_UNKNOWN` for a write that must not be repeated blindly. */
export function refused(request: HttpRequest, answer: ReadResponse, mayRepeat: boolean): MillraceError {
  if (!mayRepeat && lostByGateway.has(answer.status)) return outcomeUnknown(request);
  const retryAfter = retryAfterSeconds(answer.headers, Date.now());
  return new MillraceError(
    `HTTP_${answer.status}`,
    `${described(request)} answered ${answer.status}${hintOf(answer.status)}.`,
    {
      category: categoryOf(answer.status),
      details: { status: answer.status, body: excerptOf(answer) },
      ...(retryAfter !== undefined && { retryAfter }),
    },
  );
}

function hintOf(status: number): string {
  return status >= 300 && status < 400
    ? ' and points elsewhere; redirects are not followed, so give the final address'
    : '';
}

/**
 * The error for a request that got no whole answer: `CANCELLED`, `HTTP_TIMEOUT`, `HTTP_UNREACHABLE`, or
 * `OUTCOME_UNKNOWN`. An error of ours (an address that the instance refuses) is kept.
 */
export function unanswered(
  thrown: unknown,
  request: HttpRequest,
  { cancelled, timedOut, mayRepeat }: { cancelled: boolean; timedOut: boolean; mayRepeat: boolean },
): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (cancelled) return new MillraceError('CANCELLED', 'The request was cancelled.', { category: 'cancelled' });
  const code = networkCode(thrown);
  if (!mayRepeat && !neverSent.has(code ?? '')) return outcomeUnknown(request);
  return timedOut
    ? new MillraceError('HTTP_TIMEOUT', `${described(request)} gave no whole answer in time.`, {
        category: 'transient',
      })
    : new MillraceError('HTTP_UNREACHABLE', `${described(request)} failed on the network${code ? ` (${code})` : ''}.`, {
        category: 'transient',
        cause: thrown,
      });
}

/** Not tried again by itself: whoever looks into it decides. */
export function outcomeUnknown(request: HttpRequest): MillraceError {
  return new MillraceError(
    'OUTCOME_UNKNOWN',
    `${described(request)} may or may not have been carried out; look there before it is sent again.`,
  );
}

function networkCode(thrown: unknown): string | undefined {
  const { code } = ((thrown as Error | undefined)?.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/**
 * Seconds of a `Retry-After` header, which is a number or a date (RFC 9110, 10.2.3). A date is compared with the
 * answer's own `Date`, so that two clocks need not agree.
 * @param now milliseconds, for an answer without `Date`
 */
function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const from = Date.parse(headers.get('date') ?? '');
  return Math.max(0, Math.ceil((until - (Number.isNaN(from) ? now : from)) / 1000));
}
