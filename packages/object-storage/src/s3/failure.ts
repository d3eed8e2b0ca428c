import { type ErrorCategory, MillraceError } from '@millrace/contract';
import { objectExists, objectNotFound } from '../object-failure.ts';

/** What an error of the SDK shows of itself. Its message may quote credentials and is never repeated. */
interface SdkError {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

type Said = readonly [code: string, category: ErrorCategory, message: string];

const busy: Said = ['STORE_BUSY', 'rate-limit', 'The object store asks to be called less often.'];
const away: Said = [
  'STORE_UNAVAILABLE',
  'transient',
  'The object store cannot be reached at the moment; check its address, and that it is running.',
];
const credentials: Said = [
  'STORE_REFUSED',
  'auth',
  'The object store does not accept the credentials; check the access key and the secret key.',
];

/** By S3's error code (“Error responses” of the Amazon S3 API reference). */
const byName: Readonly<Record<string, Said>> = {
  NoSuchBucket: ['STORE_BUCKET_MISSING', 'not-found', 'The bucket does not exist in the object store.'],
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  CredentialsProviderError: credentials,
  RequestTimeTooSkewed: [
    'STORE_CLOCK_SKEWED',
    'auth',
    'The clock of this machine differs from that of the object store by more than the store allows.',
  ],
  SlowDown: busy,
  TooManyRequests: busy,
  ServiceUnavailable: away,
  RequestTimeout: away,
  ConditionalRequestConflict: [
    'STORE_CONFLICT',
    'transient',
    'The object is being written by somebody else at this moment.',
  ],
  EntityTooLarge: ['OBJECT_TOO_LARGE', 'validation', 'The object is larger than the object store takes.'],
  PermanentRedirect: ['STORE_REGION_WRONG', 'validation', 'The bucket is in another region than the one configured.'],
  AuthorizationHeaderMalformed: [
    'STORE_REGION_WRONG',
    'validation',
    'The bucket is in another region than the one configured.',
  ],
};

/** Anything thrown while S3 is used, in our words and with the category that decides about retries. */
export function s3Failure(thrown: unknown): MillraceError {
  const own = ownError(thrown);
  if (own) return own;
  const { name = '', $metadata } = thrown as SdkError;
  const status = $metadata?.httpStatusCode;
  if (name === 'NoSuchKey' || (name === 'NotFound' && status === 404)) return objectNotFound(thrown);
  if (status === 412) return objectExists(thrown);
  const [code, category, message] = byName[name] ?? byStatus(status, name);
  const retryAfter = category === 'rate-limit' ? retryAfterOf(thrown as SdkError) : undefined;
  return new MillraceError(code, message, { category, cause: thrown, ...(retryAfter !== undefined && { retryAfter }) });
}

/** A guard's refusal, or our time-out, perhaps as the cause of what `fetch` or the SDK made of it. */
function ownError(thrown: unknown): MillraceError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error instanceof MillraceError) return error;
  return undefined;
}

function byStatus(status: number | undefined, name: string): Said {
  if (name === 'AbortError') return ['CANCELLED', 'cancelled', 'The call of the object store was broken off.'];
  if (status === undefined || status === 408 || status === 503 || status === 504) return away;
  if (status === 401 || status === 403)
    return ['STORE_FORBIDDEN', 'auth', 'The object store does not allow this with the credentials given.'];
  if (status === 429) return busy;
  if (status >= 500) return ['STORE_FAILED', 'server', `The object store failed with status ${status}.`];
  return ['STORE_REQUEST_REFUSED', 'validation', `The object store refused the request with status ${status}.`];
}

function retryAfterOf({ $response }: SdkError): number | undefined {
  const text = $response?.headers?.['retry-after'] ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
