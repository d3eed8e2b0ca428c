/** Storages for tests. Tests only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStorage } from './folder/folder-storage.ts';
import { s3Storage } from './s3/s3-storage.ts';
import { startS3Server } from './sandbox/s3-server.ts';
import type { ObjectStorage } from './storage.ts';

export interface OpenStorage {
  readonly storage: ObjectStorage;
  close(): Promise<void>;
}

export const credentials = { accessKeyId: 'AKMILLRACE', secretAccessKey: 'canary-secret/with+signs' };

/** A folder that is not there yet, in an empty one: what lands `around` it has left the store. */
export async function openFolder() {
  const around = await mkdtemp(join(tmpdir(), 'millrace-storage-'));
  const folder = join(around, 'objects');
  const close = () => rm(around, { recursive: true, force: true });
  return { storage: folderStorage(folder), around, folder, close };
}

export async function openS3(options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const server = await startS3Server({ bucketName: 'orders', credentials });
  const { endpoint, bucketName: bucket } = server;
  const config = { bucket, endpoint, region: 'eu-north-1', prefix: 'millrace/', forcePathStyle: true, credentials };
  return { storage: s3Storage(config, options), server, config, close: () => server.close() };
}

export async function textOf(storage: ObjectStorage, key: string, range?: { from: number; to?: number }) {
  const { content } = await storage.get(key, range);
  return Buffer.concat(await allOf<Buffer>(content)).toString();
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** So many bytes in chunks of a mebibyte, without their ever being together. */
export async function* bytesOf(total: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < total; sent += 2 ** 20) yield Buffer.alloc(Math.min(2 ** 20, total - sent), sent % 251);
}
