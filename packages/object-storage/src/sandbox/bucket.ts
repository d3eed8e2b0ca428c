import { createHash, randomUUID } from 'node:crypto';

export interface StoredObject {
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly modifiedAt: Date;
}

export interface UnfinishedUpload {
  readonly id: string;
  readonly key: string;
  readonly contentType: string | undefined;
  readonly initiatedAt: Date;
  readonly parts: Map<number, Buffer>;
}

/** What a bucket holds, in memory. */
export class Bucket {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, UnfinishedUpload>();

  begin(key: string, contentType: string | undefined, initiatedAt: Date): UnfinishedUpload {
    const upload = { id: randomUUID(), key, contentType, initiatedAt, parts: new Map<number, Buffer>() };
    this.uploads.set(upload.id, upload);
    return upload;
  }

  /** Joins the parts in the order that is asked for; false where one of them is not what was uploaded. */
  complete(upload: UnfinishedUpload, parts: readonly { number: number; etag: string }[], modifiedAt: Date): boolean {
    const found = parts.map(({ number, etag }) => ({ etag, bytes: upload.parts.get(number) }));
    if (found.length === 0 || found.some(({ etag, bytes }) => !bytes || etagOf(bytes) !== etag)) return false;
    const bytes = Buffer.concat(found.map((part) => part.bytes as Buffer));
    this.objects.set(upload.key, { bytes, contentType: upload.contentType, modifiedAt });
    this.uploads.delete(upload.id);
    return true;
  }

  /** Keys in the order of their bytes. */
  keys({ prefix, after }: { prefix: string; after: string }): string[] {
    const inBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const wanted = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && inBytes(key, after) > 0);
    return wanted.sort(inBytes);
  }
}

export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
