import { type Problem, readJson, writeJson } from '@millrace/contract';
import { t } from '../app/i18n.ts';

const root = '/api/v1';
const keySlot = 'millrace-api-key';

/** What the server refused, in its own words. `status` 0 means that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(status: number, code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

/** The API key of this browser tab; it is forgotten when the tab closes. */
export const apiKey = {
  get: () => sessionStorage.getItem(keySlot),
  set: (key: string) => sessionStorage.setItem(keySlot, key),
  clear: () => sessionStorage.removeItem(keySlot),
};

export const api = {
  get: <T>(path: string) => request<T>('GET', path),
  post: <T>(path: string, body?: unknown) => request<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => request<T>('PUT', path, body),
  /** The open response, for reading a stream. */
  open: (path: string, signal: AbortSignal) => send('GET', path, undefined, signal),
};

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  const text = await response.text();
  // Exact decimals must survive the way through the studio, so JSON is never read by response.json().
  return (text === '' ? undefined : readJson(text)) as T;
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(`${root}${path}`, {
    method,
    headers: headers(body),
    ...(body !== undefined && { body: writeJson(body as never) }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'UNREACHABLE', t('api.unreachable'));
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

function headers(body: unknown): Record<string, string> {
  const key = apiKey.get();
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(key !== null && { 'x-api-key': key }),
  };
}

async function refusal(response: Response): Promise<ApiError> {
  const answer = await response.json().catch(() => undefined);
  const error = (answer as { error?: { code?: string; message?: string; problems?: Problem[] } } | undefined)?.error;
  return new ApiError(
    response.status,
    error?.code ?? `HTTP_${response.status}`,
    error?.message ?? t('api.status', { status: response.status }),
    error?.problems ?? [],
  );
}
