import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Installation } from './installation.ts';

export interface SentOrder {
  readonly id: string;
  readonly flow: string;
  /** Its run, as the answer to the order named it. */
  readonly run: string;
  /** Different things that must be done outside for it. */
  readonly effects: number;
}

/** Writes outside of an order in each flow. */
const effectsIn: Readonly<Record<string, (lines: number) => number>> = {
  order: () => 2,
  relay: () => 2,
  pair: () => 2,
  deadline: () => 1,
  lines: (lines) => lines + 1,
};

export interface OrderPlan {
  /** Folder of the flow. */
  readonly flow: string;
  readonly count: number;
  /** Orders whose answers are awaited at once. */
  readonly atOnce?: number;
  /** Pause of each sender between two orders. */
  readonly pauseMs?: number;
  /** More fields of every order. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Told of each answer that the order cannot be taken now. */
  readonly onRefusal?: () => void;
  /** Gives up on an order after so long. */
  readonly patienceMs?: number;
}

let sent = 0;

/**
 * Sends orders as a sender that takes its business seriously: until each has been accepted, with the same key each time.
 * Every acceptance is a promise that the books will hold the engine to.
 */
export async function sendOrders(installation: Installation, random: Random, plan: OrderPlan): Promise<SentOrder[]> {
  const orders: SentOrder[] = [];
  let left = plan.count;
  const sender = async (): Promise<void> => {
    while (left-- > 0) {
      const order = makeOrder(random, plan.fields);
      const run = await send(installation, random, plan, order);
      if (run === undefined) return;
      const effects = effectsIn[plan.flow]?.(order.lines.length) ?? 0;
      orders.push({ id: order.id, flow: plan.flow, run, effects });
      if (plan.pauseMs) await sleep(plan.pauseMs);
    }
  };
  await Promise.all(Array.from({ length: Math.min(plan.atOnce ?? 8, plan.count) }, sender));
  return orders;
}

interface Order {
  readonly id: string;
  readonly lines: readonly object[];
}

function makeOrder(random: Random, fields: Readonly<Record<string, unknown>> = {}): Order {
  const line = () => ({ sku: `A-${random.between(100, 999)}`, quantity: random.between(1, 20) });
  return { id: `D-${++sent}`, lines: Array.from({ length: random.between(1, 12) }, line), ...fields };
}

/** Answers its run; nothing where the installation was closed before there was one. */
async function send(
  installation: Installation,
  random: Random,
  plan: OrderPlan,
  order: Order,
): Promise<string | undefined> {
  const { flow, patienceMs = 90_000 } = plan;
  const deadline = performance.now() + patienceMs;
  let last: unknown;
  while (performance.now() < deadline) {
    if (installation.closing.aborted) return undefined;
    const { servers } = installation;
    const answer = await post(
      `${servers.length > 0 ? random.pick(servers).url : ''}/hooks/faults/faults/${flow}`,
      order,
    );
    // 200: an earlier attempt had arrived, and only its answer was lost.
    if (answer.status === 202 || answer.status === 200) return answer.run;
    if (answer.status > 0 && answer.status < 500 && answer.status !== 429)
      throw new Error(`The order ${order.id} was refused with ${answer.status}: ${answer.text}`);
    if (answer.status > 0) plan.onRefusal?.();
    last = answer.text;
    await sleep(random.between(50, 200));
  }
  throw new Error(`The order ${order.id} was not accepted in ${patienceMs / 1000} s: ${String(last)}`);
}

/** With status 0 where there was no answer. */
async function post(url: string, order: Order): Promise<{ status: number; run: string; text: string }> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': order.id },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await answer.text();
    const { runId } = (answer.ok ? JSON.parse(text) : {}) as { runId?: string };
    return { status: answer.status, run: String(runId), text };
  } catch (error) {
    return { status: 0, run: '', text: `${(error as Error).message} ${String((error as Error).cause ?? '')}` };
  }
}
