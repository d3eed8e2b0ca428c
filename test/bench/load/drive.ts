import { setTimeout as sleep } from 'node:timers/promises';
import { makeOrder } from '@millrace/jsonata/bench/order';
import { Pool } from 'undici';
import type { Endings } from './endings.ts';
import { emptyTally, figuresOf, note, type Tally, type Times } from './figures.ts';
import { idMark, type LoadFigures, type LoadPlan } from './protocol.ts';

/** After this an order counts as lost. */
const patienceMs = 60_000;
/** Pause of a sender that was refused. */
const refusedPauseMs = 20;

/** What the loops share. */
interface Work {
  readonly nextOrder: () => string;
  readonly endings: Endings | undefined;
  readonly tally: Tally;
  phase: 'warm-up' | 'counting' | 'over';
}

interface Sender {
  readonly pool: Pool;
  readonly path: string;
}

/**
 * Keeps so many orders under way, for the warm-up and the counted time. An order is under way from its first byte until
 * its run has ended; flows that end within the counted time count.
 * @param endings absent where the answer itself says that the flow has ended
 */
export async function drive(
  plan: LoadPlan,
  endings: Endings | undefined,
  tell: (kind: 'begun' | 'ended') => void,
): Promise<LoadFigures> {
  const work: Work = { nextOrder: orders(plan.lines), endings, tally: emptyTally(), phase: 'warm-up' };
  const senders = plan.target.urls.map((url) => senderTo(url, plan.inFlight));
  const loops = Array.from({ length: plan.inFlight }, (_, index) =>
    keepOneUnderWay(work, senders[index % senders.length] as Sender),
  );
  await sleep(plan.warmUpSeconds * 1000);
  tell('begun');
  const seconds = await count(work, plan.seconds);
  tell('ended');
  await Promise.all(loops);
  await Promise.all(senders.map(({ pool }) => pool.destroy()));
  return figuresOf(work.tally, seconds);
}

/** Answers how long it really was. */
async function count(work: Work, seconds: number): Promise<number> {
  const begun = performance.now();
  work.phase = 'counting';
  await sleep(seconds * 1000);
  work.phase = 'over';
  return (performance.now() - begun) / 1000;
}

async function keepOneUnderWay(work: Work, sender: Sender): Promise<void> {
  while (work.phase !== 'over') {
    try {
      const times = await carry(sender, work.nextOrder(), work.endings);
      if (work.phase === 'counting') note(work.tally, times);
    } catch (error) {
      work.tally.failed++;
      work.tally.complaint ??= String(error);
      await sleep(refusedPauseMs);
    }
  }
}

/** Each order has an id of its own. */
function orders(lines: number): () => string {
  const [head = '', tail = ''] = JSON.stringify(makeOrder(lines, idMark)).split(idMark);
  const prefix = `${process.pid.toString(36)}${Date.now().toString(36)}`;
  let sequence = 0;
  return () => `${head}${prefix}-${sequence++}${tail}`;
}

function senderTo(url: string, connections: number): Sender {
  const { origin, pathname } = new URL(url);
  return { pool: new Pool(origin, { connections, pipelining: 1 }), path: pathname };
}

/** One order from its first byte to its end. @throws where it was refused, failed or lost */
async function carry({ pool, path }: Sender, body: string, endings: Endings | undefined): Promise<Times> {
  const sent = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await pool.request({ path, method: 'POST', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
  const answered = performance.now();
  if (!endings) return { sent, ended: answered };
  await untilSucceeded((JSON.parse(text) as { runId: string }).runId, endings);
  return { sent, accepted: answered, ended: performance.now() };
}

async function untilSucceeded(run: string, endings: Endings): Promise<void> {
  const ending = await orLost(endings.of(run));
  if (ending !== 'succeeded') throw new Error(`The run ${run} has ${ending}.`);
}

async function orLost<T>(ending: Promise<T>): Promise<T | 'not ended'> {
  const { promise, resolve } = Promise.withResolvers<'not ended'>();
  const timer = setTimeout(() => resolve('not ended'), patienceMs);
  try {
    return await Promise.race([ending, promise]);
  } finally {
    clearTimeout(timer);
  }
}
