import { basename } from 'node:path';
import { type BlobRef, type Blobs, type Json, MillraceError } from '@millrace/contract';
import { isStorable, parsePayloadOfAnySize } from '../../http/payload.ts';

/** A kind of body that a webhook may accept. */
export type BodyKind = 'json' | 'text' | 'xml' | 'form' | 'multipart' | 'binary';

export interface SentBody {
  /** The header as it was sent; empty where there was none. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The name that the header `Content-Disposition` gives a file. */
  readonly name?: string | undefined;
}

/** Whom a body is sent to. */
export interface Recipient {
  /** Slug. */
  readonly tenant: string;
  readonly blobs: Blobs;
}

/** Fields and files of a form at most. */
const mostParts = 1000;

/**
 * A body as the payload of a run. Files go to the payload store; what they are called is for people, and no place.
 * @throws {MillraceError} `UNSUPPORTED_MEDIA_TYPE` naming what is accepted, `BAD_TEXT`, `BAD_FORM`, `TEXT_NOT_STORABLE`, and
 * what reading JSON and storing files fail with
 */
export async function readPayload(body: SentBody, accepts: readonly BodyKind[], to: Recipient): Promise<Json> {
  const kind = kindOf(mediaTypeOf(body));
  if (!accepts.includes(kind)) throw notAccepted(accepts);
  return readers[kind](body, to);
}

type Reader = (body: SentBody, to: Recipient) => Json | Promise<Json>;

const readers: Readonly<Record<BodyKind, Reader>> = {
  json: ({ bytes }, { tenant }) => parsePayloadOfAnySize(decode(bytes, 'utf-8', 'BAD_JSON'), tenant),
  text: textOf,
  xml: textOf,
  form: ({ bytes }) => readForm(decode(bytes, 'utf-8')),
  multipart: readMultipart,
  binary: ({ bytes, contentType, name = 'body' }, { blobs }) => store(blobs, bytes, name, contentType),
};

const kinds: readonly (readonly [BodyKind, RegExp])[] = [
  ['json', /^application\/(?:json|[\w.-]+\+json)$/],
  ['xml', /^(?:(?:application|text)\/xml|[\w.-]+\/[\w.-]+\+xml)$/],
  ['text', /^text\//],
  ['form', /^application\/x-www-form-urlencoded$/],
  ['multipart', /^multipart\/form-data$/],
];

/** Everything else is a file. */
function kindOf(type: string): BodyKind {
  return kinds.find(([, pattern]) => pattern.test(type))?.[0] ?? 'binary';
}

const names: Readonly<Record<BodyKind, string>> = {
  json: 'application/json',
  text: 'text/plain',
  xml: 'application/xml',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  binary: 'application/octet-stream',
};

function notAccepted(accepts: readonly BodyKind[]): MillraceError {
  const accepted = accepts.map((kind) => names[kind]).join(', ');
  return new MillraceError('UNSUPPORTED_MEDIA_TYPE', `The body must be of one of these types: ${accepted}.`);
}

function mediaTypeOf({ contentType }: SentBody): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** In the charset of the header, else in that of an XML declaration, else UTF-8. */
function textOf({ bytes, contentType }: SentBody): string {
  const named = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1];
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(head)?.[1];
  return storable(decode(bytes, named ?? declared ?? 'utf-8'));
}

function decode(bytes: Uint8Array, charset: string, code = 'BAD_TEXT'): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    const message =
      code === 'BAD_JSON' ? 'The body is not UTF-8 text.' : `The body is no text in the charset “${charset}”.`;
    throw new MillraceError(code, message);
  }
}

function storable(text: string): string {
  if (isStorable(text)) return text;
  throw new MillraceError('TEXT_NOT_STORABLE', 'The body holds a character that cannot be stored (NUL).');
}

/** Counted before it is taken apart: a body of nothing but `&` would become millions of fields. */
function readForm(text: string): Json {
  if (text.split('&', mostParts + 1).length > mostParts) throw tooManyFields();
  return gathered([...new URLSearchParams(text)].map(([name, value]) => [storable(name), storable(value)] as const));
}

async function readMultipart({ bytes, contentType }: SentBody, { blobs }: Recipient): Promise<Json> {
  const parts = await partsOf(bytes, contentType);
  const values: [string, Json][] = [];
  for (const [name, value] of parts) {
    const isFile = typeof value !== 'string';
    values.push([storable(name), isFile ? await storeFile(blobs, value) : storable(value)]);
  }
  return gathered(values);
}

async function partsOf(bytes: Uint8Array, contentType: string): Promise<[string, string | File][]> {
  if (hasTooManyParts(bytes, contentType)) throw tooManyFields();
  try {
    const form = await new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': contentType },
    }).formData();
    return [...form] as [string, string | File][];
  } catch {
    throw new MillraceError('BAD_FORM', 'The body is no proper multipart/form-data with the boundary of its header.');
  }
}

/** Counted before it is taken apart, which takes a second for each hundred thousand. */
function hasTooManyParts(bytes: Uint8Array, contentType: string): boolean {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const delimiter = `--${quoted ?? plain ?? ''}`;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = -1;
  // One more stands before each part, and one behind the last.
  for (let found = 0; found <= mostParts + 1; found++) {
    at = body.indexOf(delimiter, at + 1);
    if (at === -1) return false;
  }
  return true;
}

async function storeFile(blobs: Blobs, file: File): Promise<Json> {
  return store(blobs, await file.bytes(), file.name, file.type);
}

/** Only the last part of a name is kept: `../../etc/passwd` and `C:\\orders.csv` name places of the sender's. */
async function store(blobs: Blobs, bytes: Uint8Array, name: string, mediaType: string): Promise<Json> {
  const shown = basename(name.replaceAll('\\', '/')) || 'body';
  const about = { name: shown, mediaType: mediaType === '' ? 'application/octet-stream' : mediaType };
  const ref: BlobRef = await blobs.write(once(bytes), about);
  return ref as unknown as Json;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** An object of the values; a name that comes several times has a list of them. */
export function gathered(entries: readonly (readonly [string, Json])[]): Json {
  if (entries.length > mostParts) throw tooManyFields();
  const byName = new Map<string, Json[]>();
  for (const [name, value] of entries) byName.set(name, [...(byName.get(name) ?? []), value]);
  return Object.fromEntries(
    [...byName].map(([name, values]) => [name, values.length === 1 ? (values[0] as Json) : values]),
  );
}

function tooManyFields(): MillraceError {
  return new MillraceError('BAD_FORM', `A form may have at most ${mostParts} fields.`);
}
