import { readJson, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAckFile } from './file-names.ts';
import { largestAck, readAck } from './read-ack.ts';

const id = '7f0c2b9e-1d1f-4f43-9d0e-0a4f3b0b7a11';
const ackName = `ack_sales_order_${id}_20251227T101000Z.json`;
const errorName = `error_sales_order_${id}_20251227T101000Z.json`;
const acked = { status: 'ACKED', erp_order_id: 'SO-2025-000123', processed_at: '2025-12-27T10:10:00Z' };
const failed = {
  status: 'FAILED',
  error_code: 'INVALID_CUSTOMER',
  message: 'Customer 4711 not found',
  processed_at: '2025-12-27T10:10:00Z',
};

function read(name: string, body: unknown) {
  return readAck(name, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), false);
}

describe('an ack file', () => {
  test('R-D4 the seed’s success ack is read, addressed to the draft order of its name', () => {
    expect(read(ackName, acked)).toEqual({
      key: id,
      payload: { ...acked, file: ackName, stamp: '20251227T101000Z' },
    });
  });

  test('R-D4 the seed’s error ack is read', () => {
    expect(read(errorName, failed)).toEqual({
      key: id,
      payload: { ...failed, file: errorName, stamp: '20251227T101000Z' },
    });
  });

  test('R-D4 an id may hold “_”: the timestamp is what follows the last one', () => {
    expect(read('ack_sales_order_north_42.b_20251227T101000Z.json', acked)).toMatchObject({ key: 'north_42.b' });
  });

  test('R-D4 a byte order mark is tolerated', () => {
    expect(read(ackName, `\ufeff${JSON.stringify(acked)}`)).not.toHaveProperty('malformed');
  });

  test('R-D4 further fields are kept, long numbers with all their digits', () => {
    const text = JSON.stringify({ ...acked, batch: 0 }).replace('"batch":0', '"batch":9007199254740993');
    expect(writeJson(read(ackName, text).payload)).toContain('"batch":9007199254740993');
  });

  test('R-D4 the body may repeat the draft order’s id', () => {
    expect(read(ackName, { ...acked, draft_order_id: id })).not.toHaveProperty('malformed');
  });
});

describe('a malformed ack file', () => {
  test.each([
    ['ack_ with status FAILED', ackName, failed, 'must be "ACKED"'],
    ['error_ with status ACKED', errorName, acked, 'must be "FAILED"'],
    ['another draft order’s id in the body', ackName, { ...acked, draft_order_id: 'other' }, 'draft_order_id'],
    ['no erp_order_id', ackName, { ...acked, erp_order_id: undefined }, '“erp_order_id” is missing'],
    ['an empty erp_order_id', ackName, { ...acked, erp_order_id: ' ' }, '“erp_order_id” is empty'],
    ['a numeric erp_order_id', ackName, { ...acked, erp_order_id: 123 }, '“erp_order_id” is not a text'],
    ['no error_code', errorName, { ...failed, error_code: undefined }, '“error_code” is missing'],
    ['no message', errorName, { ...failed, message: undefined }, '“message” is missing'],
    ['no processed_at', ackName, { ...acked, processed_at: undefined }, '“processed_at” is missing'],
    ['a day that does not exist', ackName, { ...acked, processed_at: '2025-02-30T10:00:00Z' }, 'not a date and time'],
    ['a list', ackName, [acked], 'not a JSON object'],
    ['text', ackName, 'order accepted', 'not JSON'],
    ['half an object', ackName, JSON.stringify(acked).slice(0, 30), 'not JSON'],
    ['nothing', ackName, '', 'not JSON'],
    ['a NUL character', ackName, { ...acked, erp_order_id: 'a\u0000' }, 'a character that is none'],
    ['deep nesting', ackName, { ...acked, deep: readJson('['.repeat(60) + ']'.repeat(60)) }, 'deeper than'],
    ['a name without timestamp', 'ack_sales_order_4711.json', acked, 'The name is not'],
  ])('R-D4 %s is told', (_case, name, body, reason) => {
    expect(read(name, body).malformed).toContain(reason);
  });

  test('R-D4 one larger than 1 MB is told', () => {
    expect(readAck(ackName, Buffer.alloc(largestAck), true).malformed).toContain('larger');
  });

  test('R-D4 one that is not UTF-8 is told', () => {
    expect(readAck(ackName, Buffer.from([0x7b, 0xff, 0xfe]), false).malformed).toContain('UTF-8');
  });

  test('R-D4 reading never throws, and what it gives can be written as JSON that PostgreSQL takes', () => {
    const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(ackName, errorName));
    const bodies = fc.oneof(
      fc.uint8Array(),
      fc.json().map(Buffer.from),
      anAckBody().map((body) => Buffer.from(JSON.stringify(body))),
    );
    fc.assert(
      fc.property(names, bodies, fc.boolean(), (name, bytes, truncated) => {
        const payload = writeJson(readAck(name, Buffer.from(bytes), truncated).payload);
        expect(payload).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
      }),
    );
  });
});

function anAckBody() {
  const anything = fc.oneof(fc.constant('2025-12-27T10:10:00Z'), fc.string({ unit: 'binary' }), fc.jsonValue());
  return fc.record(
    { status: fc.constantFrom('ACKED', 'FAILED', 1), erp_order_id: anything, processed_at: anything },
    { requiredKeys: [] },
  );
}

test.each([
  ['ack', 'ack_order_1.json', true],
  ['', 'ack_order_1.json', false],
  ['', ackName, true],
  ['', errorName.toUpperCase(), true],
  ['', 'error_report.json', false],
  ['ack', `${ackName}.tmp`, false],
  ['ack', `${ackName}.part`, false],
  ['ack', `.${ackName}`, false],
  ['', `sales_order_${id}_20251227T100000Z.json`, false],
] as const)('R-D4 in folder %j the file %s counts as an ack: %s', (folder, name, expected) => {
  expect(isAckFile(folder, name)).toBe(expected);
});
