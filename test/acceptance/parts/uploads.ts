import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OpenSsh, startOpenSsh } from '@millrace/testing/openssh';
import { startCounter } from '../../faults/parts/counter.ts';
import { openDropzone } from '../../faults/parts/dropzone.ts';
import { type Api, call, deploy } from './api.ts';
import { untilAtRest } from './books.ts';
import { sendOrders } from './orders.ts';
import type { Outcome } from './verdict.ts';

const shares = [0.01, 0.5, 0.99];
const size = 1_500_000;

/** An SFTP server on an address of this machine is killed at 1, 50 and 99 % of an upload; each file arrives whole, once. */
export async function cutUploads(api: Api, host: string): Promise<Outcome> {
  const server = await startOpenSsh({ host });
  let deadly = false;
  let deaths = 0;
  let bounced = Promise.resolve();
  const counter = await startCounter({
    target: server.port,
    host,
    size,
    onReached() {
      if (!deadly) return;
      deadly = false;
      deaths++;
      bounced = bounce(server);
    },
  });
  const dropzone = openDropzone(join(server.root, 'dropzone'));
  try {
    await deployTo(api, server, counter.port, dropzone.folder);
    for (const share of shares) {
      counter.share = share;
      deadly = true;
      await sendOrders({
        hook: `${api.url}/hooks/acceptance/order-files`,
        count: 1,
        atOnce: 1,
        pauseMs: 0,
        note: 'x'.repeat(size),
      });
      await untilAtRest(api);
      // It may have come back after the file did.
      await bounced;
    }
    const files = dropzone.files();
    const wrong = dropzone.close();
    return {
      what: 'an SFTP server killed at 1, 50 and 99 % of an upload: each file whole, once',
      seen: [`killed ${deaths} times`, `${files.length} files`, ...wrong].join(', '),
      holds: deaths === shares.length && files.length === shares.length && wrong.length === 0,
    };
  } finally {
    await counter.close();
    await server.stop();
  }
}

async function deployTo(api: Api, server: OpenSsh, port: number, path: string): Promise<void> {
  const { host, username, privateKey, hostKeyFingerprint: hostKey } = server;
  const config = { kind: 'sftp', host, port, username, privateKey, hostKey, path };
  const connection = { name: 'dropzone', type: 'dropzone/folder-or-sftp', config };
  const { id } = await call<{ id: string }>(api, 'POST', '/connections', connection);
  await deploy(api, 'order-file', { connections: { dropzone: id } });
}

/** Dies, and comes back a moment later. */
async function bounce(server: OpenSsh): Promise<void> {
  await server.kill();
  await sleep(300);
  await server.start();
}
