import type { BlobRef, Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { expect } from 'vitest';
import type { BuildConfig } from './config.ts';
import build from './node.ts';

/** What the config says besides what is written. */
export type Format = Omit<BuildConfig, 'from'>;

/** The text that is built, or the failure. */
export async function text(from: Json, config: Format): Promise<Json> {
  const result = await runNode(build, null, { from, ...config });
  return result.kind === 'emit' ? result.data : (result as unknown as Json);
}

/** The file that is built, and its bytes. */
export async function file(from: Json, config: Omit<Format, 'file'>, options: Partial<Format['file'] & object> = {}) {
  const blobs = memoryBlobs();
  const result = await runNode(build, null, { from, ...config, file: { name: 'out', ...options } }, { blobs });
  if (result.kind !== 'emit') return { result, bytes: Buffer.alloc(0), about: undefined };
  const about = result.data as unknown as BlobRef;
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.read(about)) chunks.push(chunk);
  return { result, bytes: Buffer.concat(chunks), about };
}

/** The text that is built out of a list; the same out of a file that holds it. */
export async function fromBoth(list: readonly Json[], config: Format): Promise<Json> {
  const blobs = memoryBlobs();
  const held = (await blobs.writeLines(list, { name: 'list' })) as unknown as Json;
  const fromFile = await runNode(build, null, { from: held, ...config }, { blobs });
  const fromList = await text(list, config);
  expect(fromFile.kind === 'emit' ? fromFile.data : fromFile).toEqual(fromList);
  return fromList;
}

/** A failure with this code, and this pointer where one is named. */
export function refused(code: string, pointer?: string) {
  return {
    kind: 'fail',
    error: { code, category: 'validation', ...(pointer !== undefined && { pointer }) },
  };
}
