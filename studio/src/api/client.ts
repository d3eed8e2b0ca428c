import { type Problem, readJson, writeJson } from '@millrace/contract';
import { t } from '../app/i18n.ts';
import type { Operations } from './operations.d.ts';

const root = '/api/v1';
const keySlot = 'millrace-api-key';

/** What the server refused, in its own words. `status` 0 means that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly problems: readonly Problem[];
  /** What else there is to say, by the code. */
  readonly details: unknown;

  constructor(status: number, code: string, message: string, problems: readonly Problem[] = [], details?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
    this.details = details;
  }
}

/** The API key of this browser tab; it is forgotten when the tab closes. */
export const apiKey = {
  get: () => sessionStorage.getItem(keySlot),
  set: (key: string) => sessionStorage.setItem(keySlot, key),
  clear: () => sessionStorage.removeItem(keySlot),
};

/** An operation of the API, such as `get /flows/{id}`. */
export type Operation = keyof Operations;
export type AnswerTo<O extends Operation> = Operations[O]['answer'];

/** A part of a request, absent where the operation has none. */
type Part<Name extends string, Shape> = [Shape] extends [undefined]
  ? unknown
  : Partial<Shape> extends Shape
    ? { readonly [name in Name]?: Shape }
    : { readonly [name in Name]: Shape };

/** With entries that are left out where they are undefined. */
type Loose<Query> = Query extends undefined ? Query : { readonly [Name in keyof Query]: Query[Name] | undefined };

type Given<O extends Operation> = Part<'params', Operations[O]['params']> &
  Part<'query', Loose<Operations[O]['query']>> &
  Part<'body', Operations[O]['body']>;

interface AnyGiven {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * Calls an operation of the API.
 * @throws {ApiError} with what the server says of it
 */
export async function call<O extends Operation>(
  operation: O,
  ...[given]: Partial<Given<O>> extends Given<O> ? [Given<O>?] : [Given<O>]
): Promise<AnswerTo<O>> {
  const response = await send(operation, given ?? {});
  const text = await response.text();
  if (text === '') return undefined;
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) return text;
  // Exact decimals must survive the way through the studio, so JSON is never read by response.json().
  return readJson(text) as AnswerTo<O>;
}

/** The open response of an operation, for reading a stream or a file. */
export function open<O extends Operation>(operation: O, signal?: AbortSignal, given?: Given<O>): Promise<Response> {
  return send(operation, given ?? {}, signal);
}

async function send(operation: Operation, { params, query, body }: AnyGiven, signal?: AbortSignal): Promise<Response> {
  const [method = '', path = ''] = operation.split(' ');
  const response = await fetch(`${root}${filled(path, params)}${searchOf(query)}`, {
    method: method.toUpperCase(),
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

function filled(path: string, params: AnyGiven['params'] = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_place, name: string) => encodeURIComponent(String(params[name])));
}

/** Several values of one name become several entries. */
function searchOf(query: AnyGiven['query'] = {}): string {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [[name, String(one)]])),
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
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
  const error = (answer as { error?: Partial<ApiError> } | undefined)?.error;
  return new ApiError(
    response.status,
    error?.code ?? `HTTP_${response.status}`,
    error?.message ?? t('api.status', { status: response.status }),
    error?.problems ?? [],
    error?.details,
  );
}
