import { type BlobRef, isBlobRef, type RunAnswer, writeJson } from '@millrace/contract';
import type { Received } from '../webhook.ts';

/** What the sender gets. */
export interface WebhookReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Nothing is sent where this and `file` are left out. */
  readonly text?: string;
  /** Sent as it is read, with its type unless the headers have one. */
  readonly file?: BlobRef;
}

const json = { 'content-type': 'application/json; charset=utf-8' };
const plain = { 'content-type': 'text/plain; charset=utf-8' };

/**
 * 202 while the run goes on, 200 when it has ended or the event had been accepted before, 422 where the data is at fault,
 * 500 where the flow was to answer and failed; or whatever the flow has answered.
 */
export function replyTo({ run, duplicate, status, refusal, answer }: Received, isAwaited: boolean): WebhookReply {
  if (answer) return answerReply(answer);
  const reply = (code: number, body: object) => ({
    status: code,
    headers: { ...json, location: `/api/v1/runs/${run}` },
    text: writeJson({ ...body }),
  });
  if (refusal) return reply(422, { error: refusal, runId: run });
  if (isAwaited && (status === 'failed' || status === 'cancelled'))
    return reply(500, { error: unanswered, runId: run });
  if (isAwaited && status === 'succeeded') return reply(200, { runId: run, status });
  if (duplicate && !isAwaited) return reply(200, { runId: run, duplicate: true });
  return reply(202, { runId: run, status });
}

const unanswered = { code: 'RUN_FAILED', message: 'The flow ended before it answered; its run says why.' };

function answerReply({ status, headers, body }: RunAnswer): WebhookReply {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (body === null || status === 204 || status === 304) return { status, headers: lower };
  if (isBlobRef(body)) return { status, headers: lower, file: body };
  const isText = typeof body === 'string';
  return { status, headers: { ...(isText ? plain : json), ...lower }, text: isText ? body : writeJson(body) };
}
