/** Objects under keys: in a folder, or in what speaks S3. */
export { openObjectStorage, type StorageConfig } from './open.ts';
export type { S3Config } from './s3/config.ts';
export type { Fetch } from './s3/fetch-handler.ts';
export { s3FromUrl } from './s3/from-url.ts';
export type { ListedObject, ObjectContent, ObjectStorage } from './storage.ts';
