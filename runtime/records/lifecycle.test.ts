import type { RecordType } from '@millrace/flow';
import { expect, test } from 'vitest';
import { moved } from './lifecycle.ts';

const order: RecordType = {
  id: 'order',
  title: 'Order',
  schema: {},
  lifecycle: {
    field: 'status',
    initial: 'PENDING',
    transitions: { PENDING: ['CONFIRMED', 'REJECTED'], CONFIRMED: ['PAID'], PAID: [], REJECTED: [] },
    stamps: { CONFIRMED: 'confirmed_at', PAID: 'paid_at' },
  },
};
const at = new Date('2026-11-21T10:00:00Z');
const move = (status: string, to: string, set = {}) => moved(order, { status }, { to, set, at });

test('R-O2 a move stamps the time field of its own state, and no other', () => {
  expect(move('PENDING', 'CONFIRMED')).toEqual({ status: 'CONFIRMED', confirmed_at: '2026-11-21T10:00:00.000Z' });
  expect(move('PENDING', 'REJECTED')).toEqual({ status: 'REJECTED' });
});

test('a time that is set with the move stands', () => {
  expect(move('CONFIRMED', 'PAID', { paid_at: '2026-11-20T09:00:00Z' })).toMatchObject({
    paid_at: '2026-11-20T09:00:00Z',
  });
});

test('R-O2 a forbidden move is refused with what is allowed, and so is one to a state by an odd name', () => {
  const details = expect.objectContaining({ allowed: ['CONFIRMED', 'REJECTED'] });
  const refusal = { code: 'TRANSITION_FORBIDDEN', options: expect.objectContaining({ details }) };
  for (const to of ['PAID', 'constructor', '__proto__'])
    expect(() => move('PENDING', to)).toThrow(expect.objectContaining(refusal));
});
