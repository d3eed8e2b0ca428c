import { expect, test } from 'vitest';
import { waitingFilterOf } from './filter.ts';
import { likelyFirst } from './likely.ts';

test('R-D4 an answer that nobody has taken is offered first to who waits on its channel for a key like its own', () => {
  const waits = [
    { channel: 'other', key: 'PO-4711' },
    { channel: 'acks', key: 'PO-9' },
    { channel: 'acks', key: 'PO-4711' },
  ];
  const order = likelyFirst(waits, { channel: 'acks', key: 'PO-4771' }).map(({ channel, key }) => `${channel}/${key}`);
  expect(order).toEqual(['acks/PO-4711', 'acks/PO-9', 'other/PO-4711']);
});

test('the address tells what is looked at, and nonsense in it is passed over', () => {
  expect(waitingFilterOf({ view: 'overdue', key: 4711 })).toEqual({ view: 'overdue', key: '4711' });
  expect(waitingFilterOf({ view: 'all of it', key: [] })).toEqual({});
});
