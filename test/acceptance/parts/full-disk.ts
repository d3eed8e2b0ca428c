import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { mountSmallDisk, type SmallDisk } from '../../faults/parts/small-disk.ts';
import { startAcknowledgingReceiver } from './acknowledging.ts';
import { deploy } from './api.ts';
import { compareBooks, untilAtRest } from './books.ts';
import { insist } from './insist.ts';
import { type Instance, openInstance } from './instance.ts';
import { sendOrders } from './orders.ts';
import type { Outcome } from './verdict.ts';

const megabytes = 400;
/** For so long nobody makes room after PostgreSQL has given up. */
const fullMs = 10_000;

/**
 * The disk of PostgreSQL becomes full while orders come in, and after a while there is room again: orders are refused so that
 * their senders come again, and nobody has to lend a hand. Nothing where this user may not mount a disk.
 */
export async function fillDisk(): Promise<Outcome[] | undefined> {
  const disk = mountSmallDisk(megabytes);
  if (!disk) return undefined;
  const postgresFolder = join(disk.folder, 'postgres');
  mkdirSync(postgresFolder);
  const instance = await openInstance({ postgresFolder });
  try {
    return await sendWhileFull(instance, disk);
  } finally {
    await instance.remove();
    disk.remove();
  }
}

async function sendWhileFull(api: Instance, disk: SmallDisk): Promise<Outcome[]> {
  await api.start();
  const receiver = await startAcknowledgingReceiver(api, { file: join(api.home, 'arrivals.jsonl') });
  await deploy(api, 'acknowledged-order', { parameters: { receiver: receiver.url } });
  const hook = `${api.url}/hooks/acceptance/orders`;
  const answers: string[] = [];
  disk.fill();
  // What PostgreSQL has laid aside for its log is used up by large orders first.
  const sending = Promise.all([
    sendOrders({
      hook,
      count: 40,
      atOnce: 4,
      pauseMs: 100,
      note: 'x'.repeat(900_000),
      onRefusal: (it) => answers.push(it),
    }),
    sendOrders({ hook, count: 60, atOnce: 2, pauseMs: 200, onRefusal: (it) => answers.push(it) }),
  ]);
  await insist('an order is refused', async () => (answers.length > 0 ? true : undefined));
  await writeLogUntilItGivesUp(api);
  await sleep(fullMs);
  disk.empty();
  const accepted = (await sending).flatMap((sent) => sent.accepted);
  await untilAtRest(api);
  const outcomes = await compareBooks(api, { flow: 'acknowledged-order', accepted, arrivals: receiver.arrivals() });
  await receiver.close();
  const kinds = [...Map.groupBy(answers, (answer) => answer)].map(([answer, those]) => `${those.length} × ${answer}`);
  return [
    {
      what: 'a full disk, PostgreSQL gives up: orders are refused so that they come again',
      seen: kinds.join(', '),
      holds: answers.every((answer) => /^503 [A-Z_]+$/.test(answer)),
    },
    ...outcomes.map((outcome) => ({ ...outcome, what: `after the full disk: ${outcome.what}` })),
  ];
}

/** A PostgreSQL that cannot write its log any more ends, and does not come up again before there is room. */
async function writeLogUntilItGivesUp({ home, url }: Instance): Promise<void> {
  const { password, port } = JSON.parse(readFileSync(join(home, '.millrace', 'postgres.json'), 'utf8')) as {
    password: string;
    port: number;
  };
  await insist('PostgreSQL has given up', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password });
    client.on('error', () => undefined);
    await client.connect().catch(() => undefined);
    await client.query("select pg_logical_emit_message(false, 'fill', repeat('x', 8000000))").catch(() => undefined);
    await client.end().catch(() => undefined);
    const health = (await (await fetch(`${url}/api/v1/health`)).json()) as { status: string };
    return health.status === 'degraded' ? true : undefined;
  });
}
