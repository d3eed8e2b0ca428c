import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Installation } from './installation.ts';

export interface Acknowledging {
  /** Ends it when everything that has arrived so far is acknowledged. */
  stop(): Promise<void>;
}

export interface AckPlan {
  /** Arrivals at this stage are acknowledged. */
  readonly stage: string;
  /** Milliseconds between arrival and acknowledgement. */
  readonly delayMs?: () => number;
  /** How often each is sent. */
  readonly times?: number;
  /** All repetitions at the same moment rather than one after the other. */
  readonly together?: boolean;
}

/** The receiving system's other half: acknowledges what has arrived, again and again until the signal is accepted. */
export function startAcknowledging(installation: Installation, random: Random, plan: AckPlan): Acknowledging {
  const { stage, delayMs = () => 0, times = 1, together = false } = plan;
  const done = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let stopping = false;
  const watching = watch();

  async function watch(): Promise<void> {
    for (let seen = 0; ; ) {
      const effects = installation.receiver.effects();
      for (; seen < effects.length; seen++) {
        const effect = effects[seen];
        if (effect?.stage === stage && !done.has(effect.order)) begin(effect.order);
      }
      if (stopping) return;
      await sleep(10);
      if (installation.closing.aborted) return;
    }
  }

  function begin(order: string): void {
    done.add(order);
    const work = acknowledge(order).finally(() => underWay.delete(work));
    underWay.add(work);
  }

  async function acknowledge(order: string): Promise<void> {
    await sleep(delayMs());
    const one = () => insist(order);
    if (together) await Promise.all(Array.from({ length: times }, one));
    else for (let time = 0; time < times; time++) await one();
  }

  /** An acknowledgement that is in order may be put off, never refused. */
  async function insist(order: string): Promise<void> {
    const signal = { key: order, payload: { erp_order_id: `SO-${order}` } };
    for (;;) {
      const state = await sendSignal(installation, random, signal);
      if (!state.startsWith('refused')) return;
      installation.complaints.push(`an acknowledgement in order was ${state}`);
      await sleep(200);
    }
  }

  return {
    async stop() {
      stopping = true;
      await watching;
      await Promise.all(underWay);
    },
  };
}

export interface OutgoingSignal {
  readonly key: string;
  readonly payload: unknown;
  readonly channel?: string;
}

/** Sends a signal to some server until one has stored it; answers what became of it. */
export async function sendSignal(
  installation: Installation,
  random: Random,
  { channel = 'acks', ...signal }: OutgoingSignal,
): Promise<string> {
  const deadline = performance.now() + 90_000;
  while (performance.now() < deadline) {
    if (installation.closing.aborted) return 'not sent';
    const { servers, key } = installation;
    const answer = await fetch(`${servers.length > 0 ? random.pick(servers).url : ''}/api/v1/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel, ...signal }),
      signal: AbortSignal.timeout(15_000),
    }).then(
      async (response) => ({ status: response.status, body: (await response.json()) as { state?: string } }),
      () => undefined,
    );
    if (answer?.status === 202) return String(answer.body.state);
    if (answer && answer.status < 500) return `refused with ${answer.status}`;
    await sleep(100);
  }
  throw new Error(`The signal for ${signal.key} was not stored.`);
}
