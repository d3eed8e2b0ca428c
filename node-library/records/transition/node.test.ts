import { memoryRecords } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import transition from './node.ts';

const exportType = { 'erp-export': { field: 'status', transitions: { PENDING: ['SENT'], SENT: ['ACKED', 'FAILED'] } } };
const pending = { type: 'erp-export', id: 'EXP-1', data: { status: 'PENDING', order_id: 'D-1' } };
const move = (to: string, set = {}) => ({ type: 'erp-export', id: 'EXP-1', to, set });

test('R-D5 an export goes from PENDING to SENT to ACKED, its fields set on the way', async () => {
  const records = memoryRecords([pending], exportType);
  await runNode(transition, null, move('SENT'), { records });
  expect(await runNode(transition, null, move('ACKED', { erp_order_id: 'SO-77' }), { records })).toMatchObject({
    kind: 'emit',
    port: 'out',
    data: { version: 3, data: { status: 'ACKED', order_id: 'D-1', erp_order_id: 'SO-77' } },
  });
});

test('a move that the life cycle does not allow fails and names what is allowed', async () => {
  const records = memoryRecords([pending], exportType);
  expect(await runNode(transition, null, move('ACKED'), { records })).toMatchObject({
    kind: 'fail',
    error: { code: 'TRANSITION_FORBIDDEN', message: expect.stringContaining('allowed: SENT') },
  });
  expect(await records.get('erp-export', 'EXP-1')).toMatchObject({ version: 1, data: { status: 'PENDING' } });
});

test('a record that is not there is not found', async () => {
  expect(await runNode(transition, null, move('SENT'))).toMatchObject({
    error: { code: 'RECORD_NOT_FOUND', category: 'not-found' },
  });
});
