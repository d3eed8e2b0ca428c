import type { NodeContext } from '@millrace/contract';
import { type ObjectStorage, openObjectStorage, type StorageConfig } from '@millrace/object-storage';
import type { StoreConfig } from './config.ts';

/** The store that the step is bound to, called by nothing but the guarded `fetch`. */
export function storeOf({ connection, fetch, signal }: StoreContext): ObjectStorage {
  return openStore(connection.config, { fetch, signal });
}

export type StoreContext = Pick<NodeContext<StoreConfig>, 'connection' | 'fetch' | 'signal'>;

export function openStore(
  config: StoreConfig,
  options: { readonly fetch: NodeContext['fetch']; readonly signal: AbortSignal },
): ObjectStorage {
  return openObjectStorage(storageConfig(config), options);
}

function storageConfig(config: StoreConfig): StorageConfig {
  if (config.kind === 'folder') return config;
  const { accessKeyId, secretAccessKey, ...bucket } = config;
  return { ...bucket, credentials: { accessKeyId, secretAccessKey } };
}
