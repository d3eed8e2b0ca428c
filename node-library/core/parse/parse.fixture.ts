import type { Blobs, Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { expect } from 'vitest';
import type { ParseConfig } from './config.ts';
import parse from './node.ts';

/** What the config says besides what is parsed. */
export type Format = Omit<ParseConfig, 'from'>;

/** A payload store whose files are read in pieces that cut characters apart wherever that can happen. */
export function choppingBlobs(): Blobs {
  const blobs = memoryBlobs();
  return { ...blobs, read: (ref) => chopped(blobs.read(ref)) };
}

async function* chopped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
}

export async function fileOf(content: string | Uint8Array, blobs: Blobs): Promise<Json> {
  const bytes = Buffer.from(content as string);
  return (await blobs.write(once(bytes), { name: 'in', mediaType: 'text/plain' })) as unknown as Json;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What is parsed out of a text. */
export async function out(from: Json, config: Format): Promise<Json> {
  const result = await runNode(parse, null, { from, ...config });
  expect(result).toMatchObject({ kind: 'emit', port: 'out' });
  return result.kind === 'emit' ? result.data : null;
}

/** What is parsed out of a text, or the failure; the same out of a file. */
export async function parseBoth(text: string, config: Format): Promise<Json> {
  const blobs = choppingBlobs();
  const fromFile = await runNode(parse, null, { from: await fileOf(text, blobs), ...config }, { blobs });
  const fromText = await runNode(parse, null, { from: text, ...config });
  expect(fromFile).toEqual(fromText);
  return fromText.kind === 'emit' ? fromText.data : (fromText as unknown as Json);
}

/** A failure with this code, and these details where some are named. */
export function refused(code: string, details: object = {}) {
  return {
    kind: 'fail',
    error: { code, category: 'validation', ...(Object.keys(details).length > 0 && { details }) },
  };
}
