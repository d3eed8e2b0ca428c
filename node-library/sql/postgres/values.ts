import { ExactNumber, exact, type Json, readJson, writeJson } from '@millrace/contract';
import pg from 'pg';

type Read = (text: string) => Json;

const asText: Read = (text) => text;
/** `numeric` and floats know NaN and Infinity, which JSON does not: they stay text. */
const asNumber: Read = (text) => (/^[+-]?\d/.test(text) ? exact(text) : text);
/** `2026-03-02 09:30:00.123456+00` as ISO 8601 with all its digits; the session's time zone is UTC. */
const asTime: Read = (text) => text.replace(/^(\d{4,}-\d\d-\d\d) /, '$1T').replace(/\+00$/, 'Z');

/** By the type's OID (`pg_type.dat`), with the OID of its array; every other type is text as PostgreSQL writes it. */
const types: readonly (readonly [type: number, array: number, read: Read])[] = [
  [16, 1000, (text) => text === 't'],
  [20, 1016, asNumber],
  [21, 1005, asNumber],
  [23, 1007, asNumber],
  [700, 1021, asNumber],
  [701, 1022, asNumber],
  [1700, 1231, asNumber],
  [26, 1028, asNumber],
  [114, 199, readJson],
  [3802, 3807, readJson],
  [1114, 1115, asTime],
  [1184, 1185, asTime],
  [25, 1009, asText],
  [1043, 1015, asText],
  [1042, 1014, asText],
  [2950, 2951, asText],
  [1082, 1182, asText],
];

const readers = new Map<number, Read>(
  types.flatMap(([type, array, read]) => [
    [type, read],
    [array, listOf(read)],
  ]),
);

/** The driver's own reader of array texts, which its type declarations show in an older shape. */
const { create: arrayReader } = pg.types.arrayParser as unknown as {
  create(text: string, read: Read): { parse(): Json };
};

function listOf(read: Read): Read {
  return (text) => arrayReader(text, read).parse();
}

/** What the driver reads columns by: exact where JSON can be, text otherwise, never a rounded number or local time. */
export const exactTypes: pg.CustomTypesConfig = { getTypeParser: (oid: number) => readers.get(oid) ?? asText };

/**
 * A JSON value as the driver sends it. A list of plain values becomes a PostgreSQL array (`= any($1)`); objects and lists
 * of objects become JSON text.
 */
export function parameter(value: Json): unknown {
  if (value instanceof ExactNumber) return value.digits;
  if (Array.isArray(value)) return value.every(isPlain) ? value.map(parameter) : writeJson(value);
  return typeof value === 'object' && value !== null ? writeJson(value) : value;
}

function isPlain(value: Json): boolean {
  return typeof value !== 'object' || value === null || value instanceof ExactNumber;
}
