import { expect, test } from 'vitest';
import { payloadOf } from './trigger.ts';

const samples = { event: { id: 'evt-1', timestamp: '2020-01-01T00:00:00Z', data: { sku: 'A', sold: { at: '' } } } };
const bundle = { flow: {} as never, layout: { nodes: {} }, samples, tests: {}, records: [] };
const arrival = new Date('2026-11-20T10:00:00Z');

test('a trigger’s times are told from its arrival on, before or after it', () => {
  const times = { '/timestamp': '-PT5S', '/data/sold/at': '1h' };
  expect(payloadOf({ sample: 'event', times }, bundle, arrival)).toEqual({
    id: 'evt-1',
    timestamp: '2026-11-20T09:59:55.000Z',
    data: { sku: 'A', sold: { at: '2026-11-20T11:00:00.000Z' } },
  });
});

test('a time may stand where nothing was, and not inside of what is no object', () => {
  expect(payloadOf({ payload: {}, times: { '/at': 'PT0S' } }, bundle, arrival)).toEqual({
    at: '2026-11-20T10:00:00.000Z',
  });
  expect(() => payloadOf({ sample: 'event', times: { '/id/at': 'PT0S' } }, bundle, arrival)).toThrow(
    expect.objectContaining({ code: 'TIME_PLACE_MISSING', options: { pointer: '/trigger/times' } }),
  );
});
