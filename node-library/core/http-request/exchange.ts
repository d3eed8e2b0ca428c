import { durationMs, type NodeContext } from '@millrace/contract';
import { unanswered } from './failure.ts';
import type { HttpRequest } from './request.ts';

/** An answer that is only beginning to come. */
export interface Answering {
  readonly status: number;
  readonly headers: Headers;
  /** @throws {MillraceError} see `unanswered` */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ExchangeOptions {
  /** For the request with its whole answer; half a minute where it is left out. */
  readonly timeout?: string;
  /** The other side takes the same request twice without harm. */
  readonly mayRepeat: boolean;
}

/**
 * Sends the request and has the answer read, whatever its status. Redirects are not followed.
 * @throws {MillraceError} see `unanswered`, and what `read` throws
 */
export async function exchange<T>(
  request: HttpRequest,
  { timeout: limit = 'PT30S', mayRepeat }: ExchangeOptions,
  ctx: Pick<NodeContext, 'fetch' | 'signal'>,
  read: (answer: Answering) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(durationMs(limit));
  const { url, method, headers, body = null } = request;
  const signal = AbortSignal.any([ctx.signal, timeout]);
  const lost = (thrown: unknown) =>
    unanswered(thrown, request, { cancelled: ctx.signal.aborted, timedOut: timeout.aborted, mayRepeat });
  const response = await ctx
    .fetch(url.href, { method, headers, body, signal, redirect: 'manual' })
    .catch((thrown: unknown) => Promise.reject(lost(thrown)));
  return read({ status: response.status, headers: response.headers, body: chunksOf(response, lost) });
}

async function* chunksOf({ body }: Response, lost: (thrown: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch (thrown) {
    throw lost(thrown);
  }
}
