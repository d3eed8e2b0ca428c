import type { Json, NodeContext, Signal } from '@millrace/contract';
import { evaluateText } from '@millrace/testing/evaluate-config';
import { runNode, stepTime } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { expect, test } from 'vitest';
import waitForSignal from './node.ts';

const context = { evaluate: (text: string, input: Json) => evaluateText(text, input, stepTime) } as NodeContext;
const here = { channel: 'approvals', key: 'D-1' };

function resumed(payload: Json, config: { check?: string; refusal?: string } = {}) {
  const signal: Signal = { id: 's-1', ...here, payload, source: 'API', receivedAt: stepTime };
  return waitForSignal.resume?.(signal, { ...here, ...config }, context);
}

test('it waits as long as it is told', async () => {
  expect(await runNode(waitForSignal, {}, here)).toEqual({ kind: 'wait', ...here });
  expect(await runNode(waitForSignal, {}, { ...here, dueAfter: '1h', expiresAfter: 'P1D' })).toEqual({
    kind: 'wait',
    ...here,
    dueAfterMs: 3_600_000,
    expiresAfterMs: 86_400_000,
  });
});

test('the signal goes on with where it came from', async () => {
  expect(await resumed({ by: 'Karin' })).toEqual({
    kind: 'emit',
    port: 'out',
    data: { payload: { by: 'Karin' }, source: 'API', receivedAt: '2026-03-02T09:30:00.000Z' },
  });
});

test('a signal that the check refuses leaves the wait open', async () => {
  const check = 'by != ""';
  expect(await resumed({ by: 'Karin' }, { check })).toMatchObject({ kind: 'emit' });
  expect(await resumed({ by: '' }, { check })).toEqual({ kind: 'reject', reason: 'The check of the wait refused it.' });
  expect(await resumed({}, { check: 'by', refusal: 'Who?' })).toEqual({ kind: 'reject', reason: 'Who?' });
});

test.each([{ channel: 'a' }, { ...here, key: '' }, { ...here, refusal: 'x' }, { ...here, dueAfter: 'soon' }])(
  '%j is refused',
  (config) => expect(schemaProblems(waitForSignal.config, config)).not.toEqual([]),
);
