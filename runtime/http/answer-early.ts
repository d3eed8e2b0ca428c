import { type Json, writeJson } from '@millrace/contract';
import type { Response } from 'express';
import { maxBodyBytes } from './body.ts';
import type { ErrorReply } from './errors.ts';

/** So much of what a refused sender still sends is read. */
const mostDropped = 4 * maxBodyBytes;

/**
 * Answers whoever is still sending. The answer goes out whole at once; the connection is closed when all has been sent, and
 * within reason: most senders look for an answer only then, and lose it where the connection is closed before. What comes
 * meanwhile is dropped. Nothing of it may be taken for the next request.
 */
export function answerEarly(response: Response, { status, body, headers = {} }: ErrorReply): void {
  const text = Buffer.from(writeJson(body as Json));
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': text.length,
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.write(text);
  const request = response.req;
  const end = () => void response.end();
  let dropped = 0;
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > mostDropped) end();
  });
  request.on('end', end).on('error', end).on('close', end);
}
