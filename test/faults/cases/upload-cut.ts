import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import { startCounter } from '../parts/counter.ts';
import { deployDropzone, openDropzone } from '../parts/dropzone.ts';
import type { Installation } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

const size = 1_500_000;

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
  const counter = await startCounter({ target: server.port, size, onReached: die });
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
