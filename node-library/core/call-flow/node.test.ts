import type { Json, NodeContext, Signal, StartedRuns } from '@millrace/contract';
import { MillraceError } from '@millrace/contract';
import { runNode, stepTime } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import callFlow from './node.ts';

function recordedRuns() {
  const calls: [string, Json][] = [];
  const call: StartedRuns['call'] = async (flow, payload) => {
    calls.push([flow, payload]);
    return 'run-2';
  };
  return { calls, runs: { call } as StartedRuns };
}

function resumed(payload: Json) {
  const signal: Signal = { id: 's', channel: 'run', key: 'run-2', payload, source: 'run run-2', receivedAt: stepTime };
  return callFlow.resume?.(signal, { flow: 'other', payload: null }, {} as NodeContext);
}

describe('the call', () => {
  test('hands on the data, and waits for the end of that run', async () => {
    const { calls, runs } = recordedRuns();
    expect(
      await runNode(
        callFlow,
        null,
        { flow: 'other', payload: { id: 1 }, dueAfter: '1h', expiresAfter: '1d' },
        { runs },
      ),
    ).toEqual({
      kind: 'wait',
      channel: 'run',
      key: 'run-2',
      dueAfterMs: 3_600_000,
      expiresAfterMs: 86_400_000,
    });
    expect(calls).toEqual([['other', { id: 1 }]]);
  });

  test('may go on at once', async () => {
    const { calls, runs } = recordedRuns();
    expect(await runNode(callFlow, { id: 1 }, { flow: 'other', payload: null, wait: false }, { runs })).toEqual({
      kind: 'emit',
      port: 'out',
      data: { run: 'run-2' },
    });
    expect(calls).toEqual([['other', null]]);
  });

  test('fails where there is no such flow', async () => {
    const { runs } = recordedRuns();
    const call = async () => {
      throw new MillraceError('FLOW_NOT_DEPLOYED', 'The flow “other” is not deployed in production.');
    };
    expect(await runNode(callFlow, {}, { flow: 'other', payload: {} }, { runs: { ...runs, call } })).toMatchObject({
      kind: 'fail',
      error: { code: 'FLOW_NOT_DEPLOYED' },
    });
  });
});

describe('the end of the called run', () => {
  test('its output goes on', () => {
    expect(resumed({ status: 'succeeded', output: { a: 1 }, error: null })).toEqual({
      kind: 'emit',
      port: 'out',
      data: { a: 1 },
    });
  });

  test('its error is the error of this step, with its category', () => {
    const error = { category: 'rate-limit', code: 'ERP_BUSY', message: 'The ERP is busy.', retryAfter: 30 };
    expect(resumed({ status: 'failed', output: null, error })).toEqual({ kind: 'fail', error });
  });

  test('cancelled is a failure of its own', () => {
    expect(resumed({ status: 'cancelled', output: null, error: null })).toMatchObject({
      kind: 'fail',
      error: { category: 'cancelled', code: 'CALLED_RUN_CANCELLED' },
    });
  });

  test.each<Json>(['done', { status: 'running' }, { status: 'failed' }, { status: 'failed', error: { code: 'X' } }])(
    '%j does not say how a run ended, and the wait goes on',
    (payload) => expect(resumed(payload)).toMatchObject({ kind: 'reject' }),
  );
});

test.each([
  {},
  { flow: '' },
  { flow: 'x', wait: false, dueAfter: '1h' },
  { flow: 'x', wait: false, expiresAfter: '1h' },
])('%j is refused', (config) => expect(schemaProblems(callFlow.config, { payload: 1, ...config })).not.toEqual([]));

test('waiting may be asked for in so many words', () => {
  expect(schemaProblems(callFlow.config, { flow: 'x', payload: 1, wait: true, dueAfter: '1h' })).toEqual([]);
});
