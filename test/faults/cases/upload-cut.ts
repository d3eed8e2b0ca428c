import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import { deployDropzone, openDropzone } from '../parts/dropzone.ts';
import type { Installation } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

const size = 1_500_000;
/** What the beginning of an SFTP session takes, about. */
const overhead = 8_000;

/** T8: the SFTP server dies at the beginning, in the middle and at the end of an upload, and right after the rename. */
export const uploadCut: Fault = { id: 'T8', title: 'the SFTP server killed during an upload', run: tryUploads };

async function tryUploads(context: FaultContext): Promise<Finding> {
  const missing = opensshMissing();
  if (missing !== undefined) return { problems: [], facts: '', notTried: missing };
  const server = await startOpenSsh();
  try {
    return await withInstallation(context, { servers: 1 }, (installation) => uploads(context, installation, server));
  } finally {
    await server.stop();
  }
}

async function uploads({ random }: FaultContext, installation: Installation, server: OpenSsh): Promise<Finding> {
  let deaths = 0;
  let isDeadly = false;
  let bounced = Promise.resolve();
  const die = (): void => {
    if (!isDeadly) return;
    isDeadly = false;
    deaths++;
    bounced = bounce(server);
  };
  const dropzone = openDropzone(join(server.root, 'dropzone'), () => counter.share === 1 && die());
  const counter = await startCounter(server.port, die);
  const { host, username, privateKey, hostKeyFingerprint: hostKey } = server;
  await deployDropzone(installation, {
    kind: 'sftp',
    host,
    port: counter.port,
    username,
    privateKey,
    hostKey,
    path: dropzone.folder,
  });
  const orders: SentOrder[] = [];
  for (const share of [0.01, 0.5, 0.99, 1]) {
    counter.share = share;
    isDeadly = true;
    const fields = { note: 'x'.repeat(size) };
    orders.push(...(await sendOrders(installation, random, { flow: 'file', count: 1, fields })));
    await untilAtRest(installation, 60_000);
    await bounced;
  }
  const { problems, succeeded } = await audit(installation, orders, { success: 1 });
  const files = dropzone.files();
  const wrong = dropzone.close();
  await counter.close();
  return {
    problems: [
      ...problems,
      ...wrong,
      ...(files.length === orders.length ? [] : [`${orders.length} orders made ${files.length} files`]),
      ...(deaths === orders.length ? [] : [`the server died ${deaths} times in place of ${orders.length}`]),
    ],
    facts: `${deaths} deaths, ${succeeded} of ${orders.length} delivered, ${files.length} files`,
  };
}

/** Dies, and comes back a moment later. */
async function bounce(server: OpenSsh): Promise<void> {
  await server.kill();
  await sleep(300);
  await server.start();
}

interface Counter {
  readonly port: number;
  /** Of an upload, from 0; at 1 it is never reached. */
  share: number;
  close(): Promise<void>;
}

/** Passes everything on, and tells when so much of an upload has gone by. */
async function startCounter(target: number, onReached: () => void): Promise<Counter> {
  const counter = { share: 1 };
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let bytes = 0;
    client.on('data', (data) => {
      bytes += data.length;
      if (counter.share < 1 && bytes > overhead + counter.share * size) onReached();
    });
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(counter, {
    port: (server.address() as { port: number }).port,
    async close() {
      server.close();
      await once(server, 'close');
    },
  });
}
