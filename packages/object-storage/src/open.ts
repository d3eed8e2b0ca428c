import { folderStorage } from './folder/folder-storage.ts';
import type { S3Config } from './s3/config.ts';
import type { S3Options } from './s3/s3-storage.ts';
import type { ObjectStorage } from './storage.ts';

/** Which storage; told apart by `kind`. */
export type StorageConfig = { readonly kind: 'folder'; readonly folder: string } | ({ readonly kind: 's3' } & S3Config);

/** Opens a storage; nothing of it needs to be closed. The options are for storages that are called by network. */
export function openObjectStorage(config: StorageConfig, options?: S3Options): ObjectStorage {
  return config.kind === 'folder' ? folderStorage(config.folder) : s3WhenUsed(config, options);
}

/** The SDK of S3 is large, and most who could use it keep their objects in folders: it is loaded with the first use. */
function s3WhenUsed(config: S3Config, options?: S3Options): ObjectStorage {
  let opened: Promise<ObjectStorage> | undefined;
  const storage = () => {
    opened ??= import('./s3/s3-storage.ts').then(({ s3Storage }) => s3Storage(config, options));
    return opened;
  };
  return {
    put: async (...content) => (await storage()).put(...content),
    get: async (...place) => (await storage()).get(...place),
    head: async (key) => (await storage()).head(key),
    delete: async (key) => (await storage()).delete(key),
    sweep: async (before) => (await storage()).sweep(before),
    async *list(which) {
      yield* (await storage()).list(which);
    },
  };
}
