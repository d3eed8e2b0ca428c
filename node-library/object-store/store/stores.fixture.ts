/** Stores for tests. Tests only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObjectStorage } from '@millrace/object-storage';
import { connectionTo } from '@millrace/testing/run-node';
import { storeSandbox } from '../sandbox/sandbox.ts';
import type { StoreConfig } from './config.ts';

/** A server that speaks S3, and what a node needs to reach it. */
export async function openS3Sandbox() {
  const sandbox = await storeSandbox({ folder: '', kind: 's3' });
  const config = sandbox.config as StoreConfig & { kind: 's3' };
  const storage = openObjectStorage({ ...config, credentials: config });
  return {
    sandbox,
    config,
    world: { connection: connectionTo<StoreConfig>(config), fetch },
    typeOf: async (key: string) => (await storage.head(key)).contentType,
  };
}

/** A folder, and what a node needs to reach it. */
export async function openFolderSandbox() {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'));
  const sandbox = await storeSandbox({ folder });
  const config = sandbox.config as StoreConfig & { kind: 'folder' };
  const stop = () => rm(folder, { recursive: true, force: true });
  return { sandbox: { ...sandbox, stop }, config, world: { connection: connectionTo<StoreConfig>(config), fetch } };
}
