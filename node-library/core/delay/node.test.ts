import type { NodeContext, Signal } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { expect, test } from 'vitest';
import delay from './node.ts';

test.each([
  [{ for: '15m' }, 900_000],
  [{ for: 'P2D' }, 172_800_000],
  [{ until: '2026-03-02T09:30:01Z' }, 1000],
  [{ until: '2026-03-02T11:30:00.5+02:00' }, 500],
])('%j from half past nine on is %d ms', async (config, expiresAfterMs) => {
  expect(await runNode(delay, {}, config)).toEqual({
    kind: 'wait',
    channel: 'delay',
    key: 'run-1/step/0/0',
    expiresAfterMs,
    passesOnAfter: 'out',
  });
});

test('no delay is no wait', async () => {
  expect(await runNode(delay, { id: 1 }, { for: '0s' })).toEqual({ kind: 'emit', port: 'out', data: { id: 1 } });
});

test('no signal ends a delay', () => {
  const answer = delay.resume?.({} as Signal, { for: '1h' }, {} as NodeContext);
  expect(answer).toMatchObject({ kind: 'reject' });
});

test.each([
  [{ for: 'P3661D' }, 'DELAY_TOO_LONG'],
  [{ until: '2999-01-01T00:00:00Z' }, 'DELAY_TOO_LONG'],
  [{ until: '2026-13-45T00:00:00Z' }, 'DELAY_TIME'],
])('%j is refused', async (config, code) => {
  expect(await runNode(delay, {}, config)).toMatchObject({ kind: 'fail', error: { code } });
});

test.each([
  {},
  { for: '1h', until: '2026-03-02T09:30:01Z' },
  { for: 'an hour' },
  { until: '2026-03-02' },
  { until: '2026-03-02T09:30:01' },
])('%j is no delay', (config) => {
  expect(schemaProblems(delay.config, config)).not.toEqual([]);
});
