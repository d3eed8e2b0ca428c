import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRef, Json } from '@millrace/contract';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../postgres/database.ts';
import { claimPayloads } from '../postgres/payloads/claim-payloads.ts';
import { giveUpPayloads } from '../postgres/payloads/give-up-payloads.ts';
import { blobsFor } from './blobs.ts';
import { bytesOf, chunksOf, openPayloads, type Payloads, textOf } from './payloads.fixture.ts';
import { sweepPayloads } from './remove.ts';

let payloads: Payloads;
beforeEach(async () => {
  await payloads?.close();
  payloads = await openPayloads();
});
afterAll(() => payloads.close());

const about = { name: 'a', mediaType: 'text/plain' };
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

const claim = (run: string, data: Json, tenant = payloads.tenant) =>
  payloads.database.asTenants([payloads.tenant, payloads.other], (tx) => claimPayloads(tx, [{ run, tenant, data }]));

const forget = (run: string, tenant = payloads.tenant) =>
  payloads.database.asTenants([tenant], (tx) => giveUpPayloads(tx, [run]));

async function aDayLater() {
  await payloads.clock.advanceTo(new Date((await payloads.clock.now()).getTime() + 90_000_000));
}

describe.each([
  ['the database', () => 'database'],
  ['a folder', () => `folder:${join(payloads.folder, 'kept')}`],
])('what runs have kept in %s', (_place, place) => {
  test('goes when they are forgotten, and with them alone', async () => {
    const store = payloads.storeIn(place());
    const [gone, stays] = [randomUUID(), randomUUID()];
    const refs: BlobRef[] = [];
    for (const run of [gone, gone, stays])
      refs.push(await blobsFor(store, { tenant: payloads.tenant, run }).write(bytesOf(600_000), about));
    await aDayLater();
    await forget(gone, payloads.other);
    expect(await sweepPayloads(store)).toBe(0);
    await forget(gone);
    await forget(gone);
    expect(await sweepPayloads(store)).toBe(2);
    expect(await payloads.count('payload')).toBe(1);
    const blobs = blobsFor(store, { tenant: payloads.tenant });
    await expect(textOf(blobs.read(refs[0] as BlobRef))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    expect((await textOf(blobs.read(refs[2] as BlobRef))).length).toBe(600_000);
    const left = place() === 'database' ? (await payloads.count('payload_chunk')) / 3 : await filesIn(payloads.folder);
    expect(left).toBe(1);
  });

  test('is swept a day later where it belongs to no run or was never completed', async () => {
    const store = payloads.storeIn(place());
    const run = randomUUID();
    const orphan = await blobsFor(store, { tenant: payloads.other }).write(chunksOf('orphan'), about);
    const claimed = await blobsFor(store, { tenant: payloads.tenant }).write(chunksOf('claimed'), about);
    const owned = await blobsFor(store, { tenant: payloads.tenant, run }).write(chunksOf('owned'), about);
    const torn = await blobsFor(store, { tenant: payloads.tenant, run }).write(chunksOf('torn'), about);
    await payloads.query('update millrace.payload set sha256 = null where sha256 = $1', [torn.sha256]);
    await claim(run, { files: [{ scan: { ...claimed } }] });
    expect(await sweepPayloads(store)).toBe(0);
    await aDayLater();
    const young = await blobsFor(store, { tenant: payloads.tenant }).write(chunksOf('young'), about);
    expect(await sweepPayloads(store)).toBe(2);
    const blobs = blobsFor(store, { tenant: payloads.tenant });
    for (const ref of [claimed, owned, young]) await textOf(blobs.read(ref));
    await expect(textOf(blobsFor(store, { tenant: payloads.other }).read(orphan))).rejects.toMatchObject({
      code: 'BLOB_MISSING',
    });
    expect(await payloads.count('payload')).toBe(3);
  });
});

test('a file that several runs hold goes with the last of them, whoever that is', async () => {
  const store = payloads.storeIn('database');
  const [writer, second, third] = [randomUUID(), randomUUID(), randomUUID()];
  const file = await blobsFor(store, { tenant: payloads.tenant, run: writer }).write(chunksOf('a file'), about);
  await claim(second, { scan: { ...file } });
  await claim(third, [{ ...file }, { ...file }]);
  await aDayLater();
  for (const run of [writer, third]) {
    await forget(run);
    expect(await sweepPayloads(store)).toBe(0);
    expect(await textOf(blobsFor(store, { tenant: payloads.tenant }).read(file))).toBe('a file');
  }
  await forget(second);
  expect(await sweepPayloads(store)).toBe(1);
  expect(await payloads.count('payload_use')).toBe(0);
});

test('runs that are started together with the same file all hold it', async () => {
  const store = payloads.storeIn('database');
  const runs = [randomUUID(), randomUUID(), randomUUID()];
  const file = await blobsFor(store, { tenant: payloads.tenant }).write(chunksOf('a file'), about);
  await payloads.database.asTenants([payloads.tenant], (tx) =>
    claimPayloads(
      tx,
      runs.map((run) => ({ run, tenant: payloads.tenant, data: { ...file } })),
    ),
  );
  await aDayLater();
  for (const run of runs) {
    expect(await sweepPayloads(store)).toBe(0);
    await forget(run);
  }
  expect(await sweepPayloads(store)).toBe(1);
});

test('a file that is claimed while its run is being forgotten stays', async () => {
  const store = payloads.storeIn('database');
  const [writer, receiver] = [randomUUID(), randomUUID()];
  const file = await blobsFor(store, { tenant: payloads.tenant, run: writer }).write(chunksOf('a file'), about);
  await aDayLater();
  const claimed = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const starting = payloads.database.asTenants([payloads.tenant], async (tx) => {
    await claimPayloads(tx, [{ run: receiver, tenant: payloads.tenant, data: { ...file } }]);
    claimed.resolve();
    await go.promise;
  });
  await claimed.promise;
  const forgetting = forget(writer);
  await vi.waitFor(async () => {
    const { rows } = await payloads.query("select from pg_stat_activity where wait_event_type = 'Lock'");
    expect(rows.length).toBeGreaterThan(0);
  });
  go.resolve();
  await Promise.all([starting, forgetting]);
  expect(await sweepPayloads(store)).toBe(0);
  await forget(receiver);
  expect(await sweepPayloads(store)).toBe(1);
});

test('a file that is claimed when the sweep has found it already stays whole', async () => {
  const store = payloads.storeIn(`folder:${join(payloads.folder, 'kept')}`);
  const late = await blobsFor(store, { tenant: payloads.tenant }).write(chunksOf('late'), about);
  await blobsFor(store, { tenant: payloads.tenant }).write(chunksOf('never'), about);
  await aDayLater();
  const claimedWhenFound: Database = {
    ...payloads.database,
    async asScanner(work) {
      const found = await payloads.database.asScanner(work);
      await claim(randomUUID(), { ...late });
      return found;
    },
  };
  expect(await sweepPayloads({ ...store, database: claimedWhenFound })).toBe(1);
  expect(await textOf(blobsFor(store, { tenant: payloads.tenant }).read(late))).toBe('late');
});

test('a run cannot take from another what that has, nor what another tenant has that is written in the same transaction', async () => {
  const store = payloads.storeIn('database');
  const [mine, thief] = [randomUUID(), randomUUID()];
  const owned = await blobsFor(store, { tenant: payloads.tenant, run: mine }).write(chunksOf('x'), about);
  const foreign = await blobsFor(store, { tenant: payloads.other }).write(chunksOf('y'), about);
  await claim(thief, [{ ...owned }, { ...foreign }]);
  const { rows } = await payloads.query('select run_id from millrace.payload order by run_id nulls last');
  expect(rows).toEqual([{ run_id: mine }, { run_id: null }]);
});

test('a claim is undone with the transaction that would have stored the run', async () => {
  const ref = await blobsFor(payloads.storeIn('database'), { tenant: payloads.tenant }).write(chunksOf('x'), about);
  const failing = payloads.database.asTenants([payloads.tenant], async (tx) => {
    await claimPayloads(tx, [{ run: randomUUID(), tenant: payloads.tenant, data: { ...ref } }]);
    throw new Error('the run was refused');
  });
  await expect(failing).rejects.toThrow('the run was refused');
  expect((await payloads.query('select run_id from millrace.payload')).rows).toEqual([{ run_id: null }]);
});

test('data that is nested deeper than the stack can be claimed from', async () => {
  const ref = await blobsFor(payloads.storeIn('database'), { tenant: payloads.tenant }).write(chunksOf('x'), about);
  const run = randomUUID();
  const deep = JSON.parse(`${'['.repeat(100_000)}${JSON.stringify(ref)}${']'.repeat(100_000)}`);
  await claim(run, deep);
  expect((await payloads.query('select run_id from millrace.payload')).rows).toEqual([{ run_id: run }]);
});

test('what cannot be removed stays known, keeps nothing else, and goes when it can be', async () => {
  const inFolder = payloads.storeIn(`folder:${join(payloads.folder, 'kept')}`);
  await blobsFor(inFolder, { tenant: payloads.tenant }).write(chunksOf('stuck'), about);
  await aDayLater();
  await blobsFor(payloads.storeIn('database'), { tenant: payloads.tenant }).write(chunksOf('x'), about);
  await aDayLater();
  await rename(join(payloads.folder, 'kept'), join(payloads.folder, 'away'));
  await writeFile(join(payloads.folder, 'kept'), 'in the way');
  await expect(sweepPayloads(payloads.storeIn('database'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await payloads.count('payload')).toBe(1);
  await rm(join(payloads.folder, 'kept'));
  await rename(join(payloads.folder, 'away'), join(payloads.folder, 'kept'));
  expect(await sweepPayloads(payloads.storeIn('database'))).toBe(1);
  expect(await filesIn(join(payloads.folder, 'kept'))).toBe(0);
});
