import { createHmac, randomUUID } from 'node:crypto';
import { type Json, type JsonObject, writeJson } from '@millrace/contract';
import { type Verdict, verdictOn } from './ladder.ts';

/** Where the shop listens, and the secret that signs what is sent there. */
export interface Listener {
  readonly url: string;
  readonly secret: string;
}

interface Message {
  readonly body: JsonObject;
  state: 'waiting' | 'delivered' | 'data-error' | 'alert';
  attempts: number;
  firstFailure?: Date;
  due: Date;
  status?: number | undefined;
}

/** The ERP's outgoing webhooks: signed, kept, and repeated by its ladder as time is told to pass. */
export class Webhooks {
  readonly #messages: Message[] = [];
  #listener: Listener | undefined;
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  listen(listener: Listener): void {
    this.#listener = listener;
  }

  /** Keeps an event for delivery; where nobody listens there is nobody to tell. */
  add(event_type: string, data: JsonObject): void {
    if (!this.#listener) return;
    const now = this.#now();
    const body = { event_id: `evt_${randomUUID()}`, event_type, timestamp: now.toISOString(), data };
    this.#messages.push({ body, state: 'waiting', attempts: 0, due: now });
  }

  /** Sends what is due, one after the other, oldest first. */
  async deliverDue(): Promise<void> {
    const now = this.#now();
    for (const message of this.#messages)
      if (message.state === 'waiting' && message.due <= now) await this.#deliver(message, now);
  }

  /** Sends what waits, whether due or not, as somebody does who knows that the shop is there again. */
  async deliverWaiting(): Promise<void> {
    for (const message of this.#messages) if (message.state === 'waiting') await this.#deliver(message, this.#now());
  }

  /** Sends a delivered message once more, as a sender does that has lost the answer. */
  async repeat(index: number): Promise<number | undefined> {
    const message = this.#messages[index];
    return message && post(message.body, this.#listener as Listener);
  }

  /** When the next attempt is due; nothing where none is. */
  get nextDue(): Date | undefined {
    const due = this.#messages.filter(({ state }) => state === 'waiting').map((message) => message.due.getTime());
    return due.length === 0 ? undefined : new Date(Math.min(...due));
  }

  /** `[{ event_id, event_type, data, state, attempts, status }]`, oldest first. */
  state(): Json {
    return this.#messages.map(({ body: { event_id, event_type, data }, state, attempts, status }) => ({
      event_id: event_id as string,
      event_type: event_type as string,
      data: data as Json,
      state,
      attempts,
      status: status ?? null,
    }));
  }

  async #deliver(message: Message, now: Date): Promise<void> {
    message.status = await post(message.body, this.#listener as Listener);
    message.attempts++;
    message.firstFailure ??= now;
    const verdict = verdictOn(message.status, { count: message.attempts, firstAt: message.firstFailure, now });
    settle(message, verdict);
  }
}

function settle(message: Message, verdict: Verdict): void {
  if (typeof verdict === 'string') message.state = verdict;
  else message.due = verdict.next;
}

async function post(body: JsonObject, { url, secret }: Listener): Promise<number | undefined> {
  const text = writeJson(body);
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  try {
    const headers = { 'Content-Type': 'application/json', 'X-ERP-Signature': signature };
    const answer = await fetch(url, { method: 'POST', body: text, headers, signal: AbortSignal.timeout(30_000) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}
