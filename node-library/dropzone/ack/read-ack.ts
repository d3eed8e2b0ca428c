import { ExactNumber, isObject, type Json, type JsonObject, readJson } from '@millrace/contract';
import { ackNameOf } from './file-names.ts';
import { isDateTime } from './time.ts';

/** Largest ack that is read, in bytes. The seed's are under 200. */
export const largestAck = 1_048_576;
/** Nesting beyond this is no ack, and would trouble whoever writes it down. */
const deepest = 32;
/** Characters of an unreadable file that are kept for people. */
const excerptLength = 500;

/** A file read as an ack: whom it is for and what it says, or why it is none. */
export interface AckReading {
  /** Draft order id, as far as the name says it. */
  readonly key?: string;
  readonly payload: JsonObject;
  readonly malformed?: string;
  /** It is no JSON, as a file still being written is none; a whole JSON object never becomes another by growing. */
  readonly unfinished?: boolean;
}

/**
 * Reads an ack file of the seed's shape: `{status: "ACKED", erp_order_id, processed_at}` under `ack_…`,
 * `{status: "FAILED", error_code, message, processed_at}` under `error_…`. Never throws, whatever the file holds.
 */
export function readAck(fileName: string, bytes: Buffer, truncated: boolean): AckReading {
  const name = ackNameOf(fileName);
  const known = { file: storable(fileName), ...(name && { stamp: name.stamp }) };
  const addressed = name && { key: name.orderId };
  const refuse = (malformed: string, payload: JsonObject, unfinished = false): AckReading => ({
    ...addressed,
    payload: { ...payload, ...known },
    malformed,
    ...(unfinished && { unfinished }),
  });
  if (truncated) return refuse(`The file is larger than ${largestAck} bytes.`, {});
  const text = textOf(bytes);
  if (text === undefined) return refuse('The file is not UTF-8 text.', {}, true);
  const body = bodyOf(text);
  if (body === undefined) return refuse('The file is not JSON.', { excerpt: excerptOf(text) }, true);
  const problem = unstorable(body, deepest);
  if (problem !== undefined) return refuse(problem, { excerpt: excerptOf(text) });
  if (!isObject(body)) return refuse('The file is not a JSON object.', { excerpt: excerptOf(text) });
  const wrong = name ? disagreement(name.kind, name.orderId, body) : wrongName;
  return wrong === undefined ? { ...addressed, payload: { ...body, ...known } } : refuse(wrong, body);
}

const wrongName =
  'The name is not ack_sales_order_<draft order id>_<timestamp>.json or error_sales_order_<draft order id>_<timestamp>.json.';

/** Decodes strictly; a byte order mark at the start is dropped. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function bodyOf(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

function excerptOf(text: string): string {
  return storable(text.slice(0, excerptLength));
}

/** Text with what PostgreSQL's JSON does not take replaced by U+FFFD. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

/** Why a value cannot be kept: it is nested too deep, or holds text that PostgreSQL's JSON does not take. */
function unstorable(value: Json, depth: number): string | undefined {
  if (depth === 0) return `The file is nested deeper than ${deepest} levels.`;
  if (typeof value === 'string') return unstorableText(value);
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const problem = unstorableText(key) ?? unstorable(inner, depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function unstorableText(text: string): string | undefined {
  return text.includes('\u0000') || !text.isWellFormed() ? 'The file holds a character that is none.' : undefined;
}

/** What a well-formed body lacks to be the ack that its file's name promises. */
function disagreement(kind: 'ack' | 'error', orderId: string, body: JsonObject): string | undefined {
  const status = kind === 'ack' ? 'ACKED' : 'FAILED';
  if (body.status !== status) return `The name begins with ${kind}_, so “status” must be "${status}".`;
  if (body.draft_order_id !== undefined && body.draft_order_id !== orderId) {
    return 'The “draft_order_id” in the file is not the one in its name.';
  }
  const outcome =
    kind === 'ack' ? badCode(body, 'erp_order_id') : (badCode(body, 'error_code') ?? badText(body, 'message'));
  return outcome ?? badTime(body.processed_at);
}

function badCode(body: JsonObject, field: string): string | undefined {
  return badText(body, field) ?? ((body[field] as string).trim() === '' ? `“${field}” is empty.` : undefined);
}

function badText(body: JsonObject, field: string): string | undefined {
  if (body[field] === undefined) return `“${field}” is missing.`;
  return typeof body[field] === 'string' ? undefined : `“${field}” is not a text.`;
}

function badTime(value: Json | undefined): string | undefined {
  if (value === undefined) return '“processed_at” is missing.';
  if (typeof value === 'string' && isDateTime(value)) return undefined;
  return '“processed_at” is not a date and time with its zone, such as 2025-12-27T10:10:00Z.';
}
