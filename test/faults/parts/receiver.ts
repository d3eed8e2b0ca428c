/**
 * The receiver, a process of its own: whatever is sent to `POST /<stage>` is appended to a log that is on the disk before
 * the answer goes out. It knows nothing of Millrace. Arguments: port, log file.
 */
import { createHash } from 'node:crypto';
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Behaviour, Effect } from './effects.ts';

const [port, file = ''] = process.argv.slice(2);
const log = openSync(file, 'a');
const behaviours = new Map<string, Behaviour>();
const attempts = new Map<string, number>();
const held = new Map<string, Set<() => void>>();

createServer((request, response) => void answer(request, response)).listen(Number(port), '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const stage = (request.url ?? '').slice(1);
  const body = await text(request).catch(() => undefined);
  if (body === undefined) return;
  if (stage.startsWith('behave/')) {
    behave(stage.slice('behave/'.length), JSON.parse(body) as Behaviour);
    return end(response, 200);
  }
  await receive(stage, String(request.headers['idempotency-key']), body, response);
}

async function receive(stage: string, key: string, body: string, response: ServerResponse): Promise<void> {
  const { delayMs = 0, refused = 0, hold = false } = behaviours.get(stage) ?? {};
  const attempt = (attempts.get(key) ?? 0) + 1;
  attempts.set(key, attempt);
  const hash = createHash('sha256').update(body).digest('hex');
  // The key decides, so that a seed gives the same again.
  if (attempt === 1 && Number.parseInt(hash.slice(0, 4), 16) / 0x10000 < refused) return end(response, 503);
  const { order, version } = JSON.parse(body) as { order?: unknown; version?: number };
  append({
    stage,
    key,
    attempt,
    hash,
    order: String(order),
    ...(version !== undefined && { version }),
    at: Date.now(),
  });
  if (hold) await released(stage);
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  end(response, 200);
}

function append(effect: Effect): void {
  writeSync(log, `${JSON.stringify(effect)}\n`);
  fdatasyncSync(log);
}

function behave(stage: string, behaviour: Behaviour): void {
  behaviours.set(stage, behaviour);
  if (behaviour.hold) return;
  for (const release of held.get(stage) ?? []) release();
  held.delete(stage);
}

function released(stage: string): Promise<void> {
  return new Promise((resolve) => {
    held.set(stage, (held.get(stage) ?? new Set()).add(resolve));
  });
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
}
