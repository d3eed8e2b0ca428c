import { type Bucket, etagOf, type UnfinishedUpload } from './bucket.ts';
import type { WireRequest } from './sigv4.ts';
import { errorXml, xml } from './xml.ts';

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** An authentic request, taken apart. */
export interface S3Request extends WireRequest {
  readonly key: string;
  readonly query: URLSearchParams;
}

type Operation = (request: S3Request, bucket: Bucket, now: Date) => S3Answer;

/** The operation that a request asks for, by the Amazon S3 API reference. */
export function answerOf(request: S3Request, bucket: Bucket, now: Date): S3Answer {
  const { method, query, key } = request;
  const onUpload = query.has('uploadId') ? 'upload' : query.has('uploads') ? 'uploads' : '';
  const name = [method, key === '' ? 'bucket' : 'object', onUpload].filter(Boolean).join(' ');
  return operations[name]?.(request, bucket, now) ?? refused(501, 'NotImplemented');
}

export function refused(status: number, code: string, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body: errorXml(code) };
}

const operations: Readonly<Record<string, Operation>> = {
  'PUT object': putObject,
  'GET object': getObject,
  'HEAD object': headObject,
  'DELETE object': ({ key }, bucket) => {
    bucket.objects.delete(key);
    return { status: 204 };
  },
  'GET bucket': listObjects,
  'GET bucket uploads': listUploads,
  'POST object uploads': beginUpload,
  'PUT object upload': putPart,
  'POST object upload': completeUpload,
  'DELETE object upload': ({ query }, bucket) =>
    bucket.uploads.delete(query.get('uploadId') ?? '') ? { status: 204 } : noSuchUpload,
};

const noSuchUpload = refused(404, 'NoSuchUpload');
const minPartBytes = 5 * 1024 * 1024;

function putObject({ key, headers, body }: S3Request, bucket: Bucket, modifiedAt: Date): S3Answer {
  if (isTaken(key, headers, bucket)) return refused(412, 'PreconditionFailed');
  const bytes = Buffer.from(body);
  bucket.objects.set(key, { bytes, contentType: headers['content-type'], modifiedAt });
  return { status: 200, headers: { etag: etagOf(bytes) } };
}

function isTaken(key: string, headers: S3Request['headers'], bucket: Bucket): boolean {
  return headers['if-none-match'] === '*' && bucket.objects.has(key);
}

function getObject(request: S3Request, bucket: Bucket): S3Answer {
  const found = bucket.objects.get(request.key);
  if (!found) return refused(404, 'NoSuchKey');
  const { headers = {} } = headObject(request, bucket);
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers, body: found.bytes };
  if (Number(first) >= found.bytes.length) return refused(416, 'InvalidRange');
  const body = found.bytes.subarray(Number(first), last ? Number(last) + 1 : undefined);
  const range = `bytes ${first}-${Number(first) + body.length - 1}/${found.bytes.length}`;
  return { status: 206, headers: { ...headers, 'content-length': String(body.length), 'content-range': range }, body };
}

function headObject({ key }: S3Request, bucket: Bucket): S3Answer {
  const found = bucket.objects.get(key);
  if (!found) return { status: 404 };
  const headers = {
    etag: etagOf(found.bytes),
    'content-length': String(found.bytes.length),
    'content-type': found.contentType ?? 'application/octet-stream',
    'last-modified': found.modifiedAt.toUTCString(),
  };
  return { status: 200, headers };
}

function listObjects({ query }: S3Request, bucket: Bucket): S3Answer {
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const keys = bucket.keys({ prefix: query.get('prefix') ?? '', after });
  const page = keys.slice(0, Number(query.get('max-keys') ?? 1000));
  const isTruncated = page.length < keys.length;
  return xml('ListBucketResult', {
    IsTruncated: String(isTruncated),
    ...(isTruncated && { NextContinuationToken: page.at(-1) as string }),
    Contents: page.map((key) => {
      const { bytes, modifiedAt } = bucket.objects.get(key) as { bytes: Buffer; modifiedAt: Date };
      return { Key: key, Size: String(bytes.length), LastModified: modifiedAt.toISOString() };
    }),
  });
}

function listUploads({ query }: S3Request, bucket: Bucket): S3Answer {
  const all = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(query.get('prefix') ?? ''));
  const Upload = all.map(({ key, id, initiatedAt }) => ({
    Key: key,
    UploadId: id,
    Initiated: initiatedAt.toISOString(),
  }));
  return xml('ListMultipartUploadsResult', { IsTruncated: 'false', Upload });
}

function beginUpload({ key, headers }: S3Request, bucket: Bucket, now: Date): S3Answer {
  const { id } = bucket.begin(key, headers['content-type'], now);
  return xml('InitiateMultipartUploadResult', { Key: key, UploadId: id });
}

function putPart({ query, body }: S3Request, bucket: Bucket): S3Answer {
  const upload = bucket.uploads.get(query.get('uploadId') ?? '');
  if (!upload) return noSuchUpload;
  const bytes = Buffer.from(body);
  upload.parts.set(Number(query.get('partNumber')), bytes);
  return { status: 200, headers: { etag: etagOf(bytes) } };
}

function completeUpload({ query, headers, body }: S3Request, bucket: Bucket, now: Date): S3Answer {
  const upload = bucket.uploads.get(query.get('uploadId') ?? '');
  if (!upload) return noSuchUpload;
  if (isTaken(upload.key, headers, bucket)) return refused(412, 'PreconditionFailed');
  if (hasSmallPart(upload)) return refused(400, 'EntityTooSmall');
  if (!bucket.complete(upload, partsIn(body), now)) return refused(400, 'InvalidPart');
  return xml('CompleteMultipartUploadResult', { Key: upload.key });
}

/** Only the last part may be smaller. */
function hasSmallPart({ parts }: UnfinishedUpload): boolean {
  const last = Math.max(...parts.keys());
  return [...parts].some(([number, bytes]) => number !== last && bytes.length < minPartBytes);
}

function partsIn(body: Uint8Array): { number: number; etag: string }[] {
  const parts = Buffer.from(body)
    .toString()
    .matchAll(/<Part>(.*?)<\/Part>/gs);
  return [...parts].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/.exec(part)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&#34;', '"'),
  }));
}
