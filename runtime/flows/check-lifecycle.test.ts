import { expect, test } from 'vitest';
import { checkLifecycle } from './check-lifecycle.ts';

const check = (lifecycle: object) =>
  checkLifecycle(
    {
      id: 'order',
      title: 'Order',
      schema: {},
      lifecycle: { field: 'status', initial: 'OPEN', transitions: {}, ...lifecycle },
    },
    '/lifecycle',
  ).map(({ pointer }) => pointer);

test('every state that a life cycle names without followers is reported with its place', () => {
  const transitions = { OPEN: ['DONE', 'DNOE'], DONE: [] };
  const stamps = { DONE: 'done_at', CLOSED: 'closed_at' };
  expect(check({ transitions, stamps })).toEqual(['/lifecycle/transitions/OPEN/1', '/lifecycle/stamps/CLOSED']);
  expect(check({ initial: 'NEW', transitions: { OPEN: [] } })).toEqual(['/lifecycle/initial']);
  expect(check({ transitions: { OPEN: ['DONE'], DONE: [] }, stamps: { DONE: 'done_at' } })).toEqual([]);
});
