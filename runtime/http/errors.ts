import { randomUUID } from 'node:crypto';
import { type ErrorCategory, MillraceError } from '@millrace/contract';
import type { Log } from '../log.ts';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';

/** An error as it is answered. */
export interface ErrorReply {
  readonly status: number;
  readonly body: { readonly error: Record<string, unknown> };
  readonly headers?: Readonly<Record<string, string>>;
}

const statusByCode: Readonly<Record<string, number>> = {
  ACCOUNT_NOT_OWN: 409,
  CODE_NEEDED: 401,
  CODE_REFUSED: 401,
  SECOND_FACTOR_OFF: 409,
  SECOND_FACTOR_ON: 409,
  SIGN_IN_REFUSED: 401,
  SINGLE_SIGN_ON_UNTRIED: 409,
  UNAUTHENTICATED: 401,
  ACTION_NOT_ALLOWED: 403,
  CROSS_SITE: 403,
  NOT_FOUND: 404,
  FLOW_EXISTS: 409,
  FLOW_IN_USE: 409,
  FLOW_NOT_DEPLOYED: 409,
  LAST_ADMIN: 409,
  MEMBER_EXISTS: 409,
  NAME_TAKEN: 409,
  REVISION_CONFLICT: 409,
  ROUTE_TAKEN: 409,
  ENVIRONMENT_OTHER: 409,
  SIGNAL_TAKEN: 409,
  WAIT_CLOSED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  CONNECTION_CHANGED: 409,
  CONNECTION_FAILS: 422,
  CONNECTION_IN_USE: 409,
  CONFIGURATION_CONFLICT: 409,
  CONFIGURATION_INVALID: 422,
  CONNECTION_MISFIT: 422,
  CONNECTION_QUOTA: 409,
  CONNECTION_SECRET_NEEDED: 422,
  CONNECTION_UNBOUND: 422,
  CLONE_REFUSED: 422,
  DECISION_MISFIT: 422,
  FLOW_INVALID: 422,
  TEMPLATE_VERSION_NOT_NEWER: 409,
  PARAMETERS_INVALID: 422,
  PROMOTION_NOT_READY: 409,
  PROMOTION_REQUIRED: 409,
  PROMOTION_STALE: 409,
  PROMOTION_STATE: 409,
  TESTS_TOO_LONG: 422,
};

const statusByCategory: Readonly<Record<ErrorCategory, number>> = {
  auth: 403,
  cancelled: 409,
  internal: 500,
  'not-found': 404,
  'rate-limit': 429,
  server: 502,
  transient: 503,
  validation: 400,
};

/** Anything thrown while answering, as an answer. What is not ours is only logged, under the id that the answer names. */
export function errorReply(thrown: unknown, log: Log): ErrorReply {
  if (thrown instanceof MillraceError && thrown.category !== 'internal') return ownError(thrown);
  if (isMalformedAddress(thrown)) return ownError(badRequest('The address is not properly encoded.'));
  const requestId = randomUUID();
  log.error({ err: thrown, requestId }, 'a request failed');
  if (isLostConnection(thrown) || isPassing(thrown)) return databaseAway(requestId);
  const message = 'Something went wrong inside Millrace; the log has it under this request id.';
  return { status: 500, body: { error: { code: 'INTERNAL', message, requestId } } };
}

function ownError(error: MillraceError): ErrorReply {
  const { category, retryAfter, ...data } = error.toData();
  const status = statusByCode[error.code] ?? statusByCategory[error.category];
  return {
    status,
    body: { error: data },
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  };
}

export function badRequest(message: string, pointer?: string): MillraceError {
  return new MillraceError('BAD_REQUEST', message, pointer === undefined ? {} : { pointer });
}

/** The same for what does not exist and for what belongs to somebody else. */
export function notFound(what: string): MillraceError {
  return new MillraceError('NOT_FOUND', `${what} does not exist.`, { category: 'not-found' });
}

/** Express's router could not decode a path parameter. */
function isMalformedAddress(thrown: unknown): boolean {
  return thrown instanceof URIError || (thrown as { status?: number } | null)?.status === 400;
}

function databaseAway(requestId: string): ErrorReply {
  const message = 'The database cannot be reached; nothing was stored, try again.';
  return {
    status: 503,
    body: { error: { code: 'DATABASE_UNAVAILABLE', message, requestId } },
    headers: { 'retry-after': '5' },
  };
}
