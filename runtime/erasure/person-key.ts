import { createHmac, hkdfSync } from 'node:crypto';
import { exact, type Json, MillraceError } from '@millrace/contract';
import type { MasterKeys } from '../secrets/envelope.ts';

/** By what a person's data is found: a field that has a value, at any depth; or a record, by its id. */
export type PersonKey =
  | { readonly field: string; readonly value: string }
  | { readonly record: { readonly type: string; readonly id: string } };

/** What is looked for. */
export interface Wanted {
  /** The value, as it stands in texts. */
  readonly text: string;
  /** jsonpath into data of any shape, with the values `$text` and `$number`. */
  readonly path: string;
  readonly vars: { readonly text: string; readonly number: Json };
  /** The record, where it is one that is looked for. */
  readonly record: { readonly type: string; readonly id: string } | null;
}

/** Shorter ones would fit half of all data. */
const shortest = 3;

/** @throws {MillraceError} `ERASURE_KEY_INVALID` */
export function wantedBy(key: PersonKey): Wanted {
  const text = 'field' in key ? key.value : key.record.id;
  if (text.length < shortest)
    throw invalid(`A key of fewer than ${shortest} characters would fit too much that is somebody else's.`);
  const vars = { text, number: numberIn(text) };
  const record = 'record' in key ? key.record : null;
  return { text, vars, record, path: 'field' in key ? pathOf(key.field) : '$.** ? (@ == $text)' };
}

/** A field by its names, at any depth: a text or number that is the value. */
function pathOf(field: string): string {
  const names = field.split('.');
  if (names.some((name) => name === '')) throw invalid('A field is written customer.email.');
  const steps = names.map((name) => `.${JSON.stringify(name)}`).join('');
  return `$.**${steps} ? (@ == $text || @ == $number)`;
}

/** A number is equal to itself however it is written; what is none is equal to no number. */
function numberIn(text: string): Json {
  return /^-?\d+(\.\d+)?$/.test(text) ? exact(text) : text;
}

function invalid(message: string): MillraceError {
  return new MillraceError('ERASURE_KEY_INVALID', message, { pointer: '/value' });
}

/**
 * What the audit keeps of a key: by it whoever knows the value, and has the master key, can prove that it was erased; nobody
 * else learns it.
 */
export function provenKey(key: PersonKey, tenant: string, masterKeys: MasterKeys): Readonly<Record<string, string>> {
  const master = masterKeys.current();
  const secret = Buffer.from(hkdfSync('sha256', master.key, '', 'erasures', 32));
  const proof = (value: string) => createHmac('sha256', secret).update(`${tenant}\n${value}`).digest('hex');
  const about = 'field' in key ? { field: key.field } : { recordType: key.record.type };
  return { ...about, hmac: proof('field' in key ? key.value : key.record.id), keyId: master.id };
}
