import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import { startDatabaseServer } from '../parts/database-server.ts';
import { deployDropzone, openDropzone } from '../parts/dropzone.ts';
import type { Installation } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import { mountSmallDisk, type SmallDisk } from '../parts/small-disk.ts';
import { until } from '../parts/until.ts';
import { withInstallation } from '../parts/with-installation.ts';

/** T6: the disk of PostgreSQL is full, then that of the dropzone. Nothing accepted is lost, and no half file is seen. */
export const diskFull: Fault = { id: 'T6', title: 'disk full', run: tryDisks };

async function tryDisks(context: FaultContext): Promise<Finding> {
  const [database, dropzone] = [mountSmallDisk(400), mountSmallDisk(8)];
  try {
    if (!database || !dropzone) return { problems: [], facts: '', notTried: 'this user may not mount a small disk' };
    const first = await fillDatabase(context, database);
    const second = await withInstallation(context, { servers: 1 }, (installation) =>
      fillDropzone(context, installation, dropzone),
    );
    return { problems: [...first.problems, ...second.problems], facts: `${first.facts}; ${second.facts}` };
  } finally {
    for (const disk of [database, dropzone]) disk?.remove();
  }
}

async function fillDatabase(context: FaultContext, disk: SmallDisk): Promise<Finding> {
  const folder = join(disk.folder, 'postgres');
  mkdirSync(folder);
  const database = await startDatabaseServer(folder);
  try {
    const own = { ...context, database };
    return await withInstallation(own, { env: { MILLRACE_LEASE: '3s' } }, (installation) =>
      fill(own, installation, disk),
    );
  } finally {
    await database.stop();
  }
}

async function fill({ random, database }: FaultContext, installation: Installation, disk: SmallDisk): Promise<Finding> {
  const acks = startAcknowledging(installation, random, { stage: 'send' });
  const sending = sendOrders(installation, random, { flow: 'order', count: 60, atOnce: 4, pauseMs: 250 });
  await sleep(1500);
  disk.fill();
  // What PostgreSQL had laid aside for its log is used up by large orders first.
  let refusals = 0;
  const large = sendOrders(installation, random, {
    flow: 'relay',
    count: 40,
    atOnce: 4,
    fields: { note: 'x'.repeat(900_000) },
    onRefusal: () => refusals++,
  });
  await until('an order was refused', 60_000, () => refusals > 0);
  await sleep(1_000);
  disk.empty();
  // A PostgreSQL that cannot write its log gives up; whoever has made room starts it again.
  await database.start();
  const orders = [...(await sending), ...(await large)];
  await untilAtRest(installation, 60_000);
  await acks.stop();
  const { problems, succeeded, repeats } = await audit(installation, orders);
  const facts = `PostgreSQL: ${refusals} refusals, ${orders.length} orders, ${succeeded} succeeded, ${repeats} raw repeats`;
  return { problems, facts };
}

async function fillDropzone({ random }: FaultContext, installation: Installation, disk: SmallDisk): Promise<Finding> {
  const dropzone = openDropzone(join(disk.folder, 'dropzone'));
  await deployDropzone(installation, { kind: 'folder', path: dropzone.folder });
  disk.fill();
  const fields = { note: 'x'.repeat(500_000) };
  const orders: SentOrder[] = await sendOrders(installation, random, { flow: 'file', count: 4, fields });
  await sleep(2_500);
  const early = dropzone.files();
  disk.empty();
  await untilAtRest(installation, 60_000);
  const { problems, succeeded } = await audit(installation, orders, { success: 1 });
  const files = dropzone.files();
  return {
    problems: [
      ...problems,
      ...dropzone.close(),
      ...(early.length > 0 ? [`${early.length} files were written onto a full disk`] : []),
      ...(files.length === orders.length ? [] : [`${orders.length} orders made ${files.length} files`]),
    ],
    facts: `dropzone: ${succeeded} of ${orders.length} delivered`,
  };
}
