import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { foreignKey, invalidKey, keySegments } from '../object-key.ts';
import type {
  ByteRange,
  ListedObject,
  ListOptions,
  ObjectContent,
  ObjectHead,
  ObjectStorage,
  PutOptions,
} from '../storage.ts';
import { reading, storing } from '../transfer.ts';
import type { S3Config } from './config.ts';
import { s3Failure } from './failure.ts';
import { type Fetch, fetchHandler } from './fetch-handler.ts';

export interface S3Options {
  /** By what it is called; the plain one where absent. */
  readonly fetch?: Fetch;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  /** Longest silence in milliseconds; a minute where absent. */
  readonly timeoutMs?: number;
}

/** Content is sent in parts of this size, two at a time; 10,000 of them, S3's limit, are 78 GiB. */
const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 2;
const maxKeyBytes = 1024;

/**
 * Objects of an S3 bucket. What is put here has a key that any storage can keep; what others have put is found under the
 * key it has. Failures are not tried again by the SDK: that is the engine's decision.
 */
export function s3Storage(config: S3Config, options: S3Options = {}): ObjectStorage {
  const { bucket: Bucket, prefix = '' } = config;
  const client = clientOf(config, options);
  const abort = options.signal ? { abortSignal: options.signal } : {};
  const placeOf = (key: string) => ({ Bucket, Key: within(prefix, key) });
  return {
    async put(key, content, put = {}) {
      const request = { ...placeOf(keySegments(key).join('/')), ...headersOf(put) };
      await storing(
        content,
        async (bytes) => {
          if (content instanceof Uint8Array)
            await client.send(new PutObjectCommand({ ...request, Body: content }), abort);
          else await upload(client, { ...request, Body: Readable.from(bytes) }, options.signal);
        },
        s3Failure,
      );
    },
    get: (key, range) => explained(() => get(client, placeOf(foreignKey(key)), range, abort)),
    head: (key) => explained(() => head(client, placeOf(foreignKey(key)), abort)),
    delete: (key) =>
      explained(async () => void (await client.send(new DeleteObjectCommand(placeOf(foreignKey(key))), abort))),
    list: (which = {}) => list(client, { Bucket, prefix }, which),
    sweep: (before) => explained(() => sweep(client, { Bucket, prefix }, before)),
  };
}

function clientOf(config: S3Config, { fetch = globalThis.fetch, timeoutMs = 60_000 }: S3Options): S3Client {
  const { region, endpoint, credentials, forcePathStyle = false } = config;
  return new S3Client({
    region,
    forcePathStyle,
    maxAttempts: 1,
    // Services besides Amazon's know nothing of the newer checksums; the signature covers the SHA-256 of every part.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: fetchHandler(fetch, timeoutMs),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  });
}

function within(prefix: string, key: string): string {
  const whole = prefix + key;
  if (Buffer.byteLength(whole) > maxKeyBytes) throw invalidKey(`is longer than ${maxKeyBytes} bytes with its prefix`);
  return whole;
}

function headersOf({ ifAbsent = false, contentType }: PutOptions) {
  return { ...(ifAbsent && { IfNoneMatch: '*' }), ...(contentType !== undefined && { ContentType: contentType }) };
}

/** The signal ends the upload, not the single call: its parts are still to be taken back. */
async function upload(
  client: S3Client,
  params: { Bucket: string; Key: string; Body: Readable },
  signal: AbortSignal | undefined,
): Promise<void> {
  const abortController = new AbortController();
  const abort = () => abortController.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await new Upload({ client, params, partSize: partBytes, queueSize: partsAtOnce, abortController }).done();
  } finally {
    signal?.removeEventListener('abort', abort);
    params.Body.destroy();
  }
}

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

type Abort = { readonly abortSignal?: AbortSignal };

async function get(client: S3Client, place: Place, range: ByteRange | undefined, abort: Abort): Promise<ObjectContent> {
  if (range?.to !== undefined && range.to <= range.from) return nothing();
  const Range = range && { Range: `bytes=${range.from}-${range.to === undefined ? '' : range.to - 1}` };
  const answer = await client.send(new GetObjectCommand({ ...place, ...Range }), abort).catch(unlessBeyondEnd);
  if (!answer) return nothing();
  return {
    size: answer.ContentLength ?? 0,
    ...(answer.ContentType !== undefined && { contentType: answer.ContentType }),
    content: reading(answer.Body as Readable, s3Failure),
  };
}

function nothing(): ObjectContent {
  return { size: 0, content: Readable.from([], { objectMode: false }) };
}

/** Of a range that begins behind the object's end there is nothing. */
function unlessBeyondEnd(thrown: { readonly name?: string }): undefined {
  if (thrown.name !== 'InvalidRange') throw thrown;
}

async function head(client: S3Client, place: Place, abort: Abort): Promise<ObjectHead> {
  const { ContentLength = 0, LastModified, ContentType } = await client.send(new HeadObjectCommand(place), abort);
  return {
    size: ContentLength,
    modifiedAt: LastModified ?? new Date(0),
    ...(ContentType !== undefined && { contentType: ContentType }),
  };
}

interface Scope {
  readonly Bucket: string;
  readonly prefix: string;
}

async function* list(client: S3Client, { Bucket, prefix }: Scope, which: ListOptions): AsyncGenerator<ListedObject> {
  const request = {
    Bucket,
    Prefix: prefix + (which.prefix ?? ''),
    ...(which.after && { StartAfter: prefix + which.after }),
  };
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, request))
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents)
        yield { key: Key.slice(prefix.length), size: Size, modifiedAt: LastModified };
  } catch (thrown) {
    throw s3Failure(thrown);
  }
}

async function sweep(client: S3Client, { Bucket, prefix }: Scope, before: Date): Promise<void> {
  let page: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (page) {
    const found: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: prefix, ...page }),
    );
    for (const { Key, UploadId, Initiated } of found.Uploads ?? [])
      if (Initiated && Initiated < before)
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    page = found.IsTruncated ? { KeyMarker: found.NextKeyMarker, UploadIdMarker: found.NextUploadIdMarker } : undefined;
  }
}

async function explained<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (thrown) {
    throw s3Failure(thrown);
  }
}
