import type { Json, JsonObject, Signal } from '@millrace/contract';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { describe, expect, test } from 'vitest';
import type { DropzoneConfig } from '../connection/config.ts';
import { belongsElsewhere } from './attempt.ts';
import { waitForAck } from './node.ts';

const connection = connectionTo<DropzoneConfig>({ kind: 'folder', path: '/srv/erp' });
const first = '20251227T100000Z';
const second = '20251227T120000Z';

describe('a wait for an ack', () => {
  test('R-D4 it waits on the connection for the draft order, overdue and expiring as configured', async () => {
    const config = { correlation: '4711', stamp: first, dueAfter: 'PT15M', expiresAfter: '7d' };
    expect(await runNode(waitForAck, {}, config, { connection })).toEqual({
      kind: 'wait',
      channel: connection.id,
      key: '4711',
      dueAfterMs: 900_000,
      expiresAfterMs: 604_800_000,
      detail: { stamp: first },
    });
  });

  test('R-D4 a duration that is none is refused with its field', async () => {
    const result = await runNode(waitForAck, {}, { correlation: '4711', dueAfter: 'soon' }, { connection });
    expect(result).toMatchObject({ kind: 'fail', error: { code: 'INVALID_DURATION', pointer: '/dueAfter' } });
  });

  test('R-D4 a success ack leaves through acked with the ERP’s order id', async () => {
    expect(
      await resume({
        status: 'ACKED',
        erp_order_id: 'SO-1',
        processed_at: '2025-12-27T10:10:00Z',
        file: 'f',
        stamp: first,
      }),
    ).toEqual({
      kind: 'emit',
      port: 'acked',
      data: { erp_order_id: 'SO-1', processed_at: '2025-12-27T10:10:00Z', file: 'f' },
    });
  });

  test('R-D4 an error ack leaves through refused with the ERP’s reason', async () => {
    const reason = {
      error_code: 'INVALID_CUSTOMER',
      message: 'Customer 4711 not found',
      processed_at: '2025-12-27T10:10:00Z',
    };
    expect(await resume({ status: 'FAILED', ...reason, file: 'f', stamp: first })).toEqual({
      kind: 'emit',
      port: 'refused',
      data: { ...reason, file: 'f' },
    });
  });

  test('R-D4 a signal sent by hand may leave out file, stamp, message and time', async () => {
    expect(await resume({ status: 'FAILED', error_code: 'INVALID_CUSTOMER' })).toEqual({
      kind: 'emit',
      port: 'refused',
      data: {
        error_code: 'INVALID_CUSTOMER',
        message: 'INVALID_CUSTOMER',
        processed_at: '2025-12-27T13:00:00.000Z',
        file: 'a test',
      },
    });
  });

  test.each<Json>([
    null,
    'ACKED',
    {},
    { status: 'ACKED' },
    { status: 'FAILED' },
    { status: 'ACKED', erp_order_id: 'SO-1', processed_at: 'soon' },
  ])('R-D4 a signal of %j is no ack: it is rejected and the wait stays open', async (payload) =>
    expect(await resume(payload)).toMatchObject({ kind: 'reject' }),
  );

  test('R-D5 an ack of the first attempt never ends the second', async () => {
    const ack = { status: 'ACKED', erp_order_id: 'SO-1', processed_at: '2025-12-27T12:30:00Z', stamp: first };
    expect(await resume(ack, second, [{ stamp: first }])).toMatchObject({
      kind: 'reject',
      reason: expect.stringContaining('earlier attempt'),
    });
  });
});

describe('which attempt an ack belongs to', () => {
  const startedMs = Date.parse('2025-12-27T12:00:05Z');
  const elsewhere = expect.stringContaining('earlier attempt');
  test.each([
    // ack's stamp, processed_at, this attempt's stamp, earlier stamps, verdict
    ['this attempt’s stamp', second, '2025-12-27T12:10:00Z', second, [first], undefined],
    ['this attempt’s stamp, whatever the ERP’s clock says', second, '2025-12-27T09:00:00Z', second, [first], undefined],
    [
      'this attempt’s stamp, written otherwise',
      '2025-12-27T12:00:00Z',
      '2025-12-27T12:10:00Z',
      second,
      [first],
      undefined,
    ],
    ['this attempt’s stamp, delivered a second time', first, '2025-12-27T10:10:00Z', first, [first], undefined],
    ['an earlier attempt’s stamp', first, '2025-12-27T12:10:00Z', second, [first], elsewhere],
    ['an earlier attempt’s stamp that is no time', 'run-1', '2025-12-27T12:10:00Z', 'run-2', ['run-1'], elsewhere],
    [
      'the ERP’s own stamp, processed before this attempt',
      '20251227T101500Z',
      '2025-12-27T10:15:00Z',
      second,
      [first],
      elsewhere,
    ],
    ['the ERP’s own stamp, processed since', '20251227T121500Z', '2025-12-27T12:15:00Z', second, [first], undefined],
    ['the ERP’s own stamp, no earlier attempt', '20251227T095900Z', '2025-12-27T09:59:00Z', second, [], undefined],
    [
      'the ERP’s own stamp, this one’s unknown, processed before the run',
      '20251227T101500Z',
      '2025-12-27T10:15:00Z',
      undefined,
      [first],
      elsewhere,
    ],
    ['no stamp at all, processed since', undefined, '2025-12-27T12:15:00Z', undefined, [first], undefined],
  ])('R-D5 %s', (_case, stamp, processedAt, own, earlier, verdict) => {
    const ack = { processedAt, ...(stamp !== undefined && { stamp }) };
    const attempt = {
      startedMs,
      earlier: earlier.map((past) => ({ stamp: past })),
      ...(own !== undefined && { stamp: own }),
    };
    expect(belongsElsewhere(ack, attempt)).toEqual(verdict);
  });
});

async function resume(payload: Json, stamp = first, earlierWaits: JsonObject[] = []) {
  const signal: Signal = {
    id: 's1',
    channel: connection.id,
    key: '4711',
    payload,
    source: 'a test',
    receivedAt: new Date('2025-12-27T13:00:00Z'),
  };
  const spec = {
    ...waitForAck,
    run: (_: Json, config: never, ctx: never) => waitForAck.resume?.(signal, config, ctx) as never,
  };
  return runNode(spec, {}, { correlation: '4711', stamp }, { connection, earlierWaits: async () => earlierWaits });
}
