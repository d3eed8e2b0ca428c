/**
 * `npm run acceptance:hosts` (root, Linux, iproute2): PostgreSQL, the API and two workers, each on a host of its own, with
 * senders and receivers outside. The hosts are network namespaces, made here and joined to nothing else. Orders are under way
 * while one worker is stopped for longer than its lease and goes on, and the other is cut off; then an SFTP server is
 * killed during uploads. Nothing may be lost or doubled.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { startAcknowledgingReceiver } from './parts/acknowledging.ts';
import { type Api, deploy } from './parts/api.ts';
import { compareBooks, untilAtRest } from './parts/books.ts';
import { callOn, type HostProcess, startDatabase, startServing } from './parts/host-process.ts';
import { addressOf, makeNetwork, namespaceOf, removeNetwork, setLink } from './parts/network.ts';
import { sendOrders } from './parts/orders.ts';
import type { Receiver } from './parts/receiver.ts';
import { cutUploads } from './parts/uploads.ts';
import { type Outcome, tellOutcomes } from './parts/verdict.ts';

const leaseMs = 3_000;
/** Longer than a lease; time and again something is under way when it begins. */
const awayMs = 3 * leaseMs;
const port = 7400;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = process.argv[2] === 'outside' ? await tryHosts() : await makeHosts();
process.exit();

/** Makes the network, and calls this program again on the host outside. */
async function makeHosts(): Promise<number> {
  if (process.getuid?.() !== 0) {
    console.log('Only root may make network namespaces; nothing was tried.');
    return 1;
  }
  process.once('exit', removeNetwork);
  makeNetwork();
  const self = fileURLToPath(import.meta.url);
  const args = ['netns', 'exec', namespaceOf('outside'), process.execPath, self, 'outside'];
  const [code] = (await once(spawn('ip', args, { stdio: 'inherit' }), 'exit')) as [number | null];
  return code ?? 1;
}

async function tryHosts(): Promise<0 | 1> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-hosts-'));
  const database = await startDatabase(join(folder, 'database'));
  const env = {
    ...plainEnvironment,
    DATABASE_URL: database.url,
    MILLRACE_HOME: join(folder, 'home'),
    MILLRACE_LEASE: `${leaseMs}ms`,
    MILLRACE_ALLOW_PRIVATE_ADDRESSES: 'all',
    MILLRACE_LOG_LEVEL: 'warn',
    HOST: addressOf('api'),
    PORT: String(port),
  };
  const key = await callOn('api', ['key', 'create', '--tenant', 'acceptance'], env);
  const api = startServing('api', 'api', env, folder);
  const worker = startServing('worker-1', 'worker,timer,watcher', env, folder);
  const other = startServing('worker-2', 'worker,timer,watcher', env, folder);
  try {
    const at = { url: `http://${addressOf('api')}:${port}`, key };
    return tellOutcomes([...(await sendMeanwhile(at, folder, worker)), await cutUploads(at, addressOf('outside'))]);
  } finally {
    for (const process of [api, worker, other, database]) await process.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Orders go through while one worker stands still and then the other is cut off. */
async function sendMeanwhile(api: Api, folder: string, worker: HostProcess): Promise<Outcome[]> {
  const receiver = await startAcknowledgingReceiver(api, {
    file: join(folder, 'arrivals.jsonl'),
    host: addressOf('outside'),
    answerAfterMs: () => randomInt(1_500),
  });
  await deploy(api, 'acknowledged-order', { parameters: { receiver: receiver.url } });
  const sending = sendOrders({ hook: `${api.url}/hooks/acceptance/orders`, count: 900, atOnce: 16, pauseMs: 1_200 });
  const stopped = await during(receiver, async () => {
    worker.signal('SIGSTOP');
    await sleep(awayMs);
    worker.signal('SIGCONT');
  });
  const cutOff = await during(receiver, async () => {
    setLink('worker-2', 'down');
    await sleep(awayMs);
    setLink('worker-2', 'up');
  });
  const { accepted, retries } = await sending;
  await untilAtRest(api);
  const outcomes = await compareBooks(api, { flow: 'acknowledged-order', accepted, arrivals: receiver.arrivals() });
  await receiver.close();
  return [
    { what: 'a worker stopped for three leases, and revived', seen: `${stopped} effects repeated`, holds: stopped > 0 },
    { what: 'the other one cut off for three leases', seen: `${cutOff} effects repeated`, holds: cutOff > 0 },
    { what: 'senders were not kept waiting', seen: `${retries} orders sent again`, holds: retries === 0 },
    ...outcomes,
  ];
}

/** Does it while orders are under way; answers how many effects were repeated: what it has interrupted. */
async function during(receiver: Receiver, interrupt: () => Promise<void>): Promise<number> {
  const repeated = (): number => receiver.arrivals().length - new Set(receiver.arrivals().map(({ key }) => key)).size;
  await sleep(3_000);
  const before = repeated();
  await interrupt();
  await sleep(2 * leaseMs);
  return repeated() - before;
}
