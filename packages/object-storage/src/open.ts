import { folderStorage } from './folder/folder-storage.ts';
import type { S3Config } from './s3/config.ts';
import { type S3Options, s3Storage } from './s3/s3-storage.ts';
import type { ObjectStorage } from './storage.ts';

/** Which storage; told apart by `kind`. */
export type StorageConfig = { readonly kind: 'folder'; readonly folder: string } | ({ readonly kind: 's3' } & S3Config);

/** Opens a storage; nothing of it needs to be closed. The options are for storages that are called by network. */
export function openObjectStorage(config: StorageConfig, options?: S3Options): ObjectStorage {
  return config.kind === 'folder' ? folderStorage(config.folder) : s3Storage(config, options);
}
