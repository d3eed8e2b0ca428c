import { durationMs, type NodeContext } from '@millrace/contract';
import { unanswered } from './failure.ts';
import type { HttpRequest } from './request.ts';
import { type ReadResponse, readResponse } from './response.ts';

export interface ExchangeBounds {
  /** For the request with its whole answer; half a minute where it is left out. */
  readonly timeout?: string;
  /** Of the answer that is read. */
  readonly maxMegabytes?: number;
}

/**
 * Sends the request and reads the answer, whatever its status. Redirects are not followed.
 * @param mayRepeat the other side takes the same request twice without harm
 * @throws {MillraceError} see `unanswered`
 */
export async function exchange(
  request: HttpRequest,
  { timeout: limit = 'PT30S', maxMegabytes }: ExchangeBounds,
  mayRepeat: boolean,
  ctx: Pick<NodeContext, 'fetch' | 'signal'>,
): Promise<ReadResponse> {
  const timeout = AbortSignal.timeout(durationMs(limit));
  const { url, method, headers, body = null } = request;
  const signal = AbortSignal.any([ctx.signal, timeout]);
  try {
    const response = await ctx.fetch(url.href, { method, headers, body, signal, redirect: 'manual' });
    return await readResponse(response, maxMegabytes);
  } catch (thrown) {
    throw unanswered(thrown, request, { cancelled: ctx.signal.aborted, timedOut: timeout.aborted, mayRepeat });
  }
}
