import type { FlowDocument } from '@millrace/flow';
import { expect, test } from 'vitest';
import { type RunHistory, timeline } from './timeline.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 10, 0, second));

const document: FlowDocument = {
  format: 1,
  id: 'export',
  name: 'Export',
  nodes: {
    approved: { type: 'core/webhook', version: 1, title: 'Order approved', config: {} },
    document: { type: 'core/map', version: 1, config: {} },
    put: { type: 'dropzone/put', version: 1, title: 'Put into dropzone', config: {} },
    ack: { type: 'dropzone/wait-for-ack', version: 1, title: 'Wait for ack', config: {} },
  },
  edges: [],
};

type Step = RunHistory['steps'][number];
const step = (node: string, change: Partial<Step> = {}): Step => ({
  key: node,
  node,
  status: 'done',
  attempts: 1,
  startedAt: at(1),
  finishedAt: at(1),
  port: 'out',
  input: null,
  output: null,
  error: null,
  nextRetryAt: null,
  ...change,
});

const wait: RunHistory['waits'][number] = {
  id: 'w',
  step: 'ack',
  channel: 'c',
  key: '4711',
  state: 'open',
  openedAt: at(3),
  dueAt: at(30),
  expiresAt: null,
  overdueSince: null,
  closedAt: null,
};

type Signal = RunHistory['signals'][number];
const signal = (change: Partial<Signal>): Signal => ({
  id: 's',
  environment: 'production',
  channel: 'c',
  key: '4711',
  source: 'ack_4711.json',
  state: 'accepted',
  reason: null,
  payload: null,
  receivedAt: at(5),
  runId: 'r',
  step: 'ack',
  ...change,
});

const run: RunHistory['run'] = {
  triggerNode: 'approved',
  source: 'webhook',
  startedAt: at(0),
  finishedAt: null,
  status: 'waiting',
  error: null,
};
const story = (change: Partial<RunHistory>) =>
  timeline({ run, document, steps: [], waits: [], signals: [], alerts: [], ...change }).map(({ text }) => text);

test('an order that goes out and comes back acknowledged', () => {
  const done = { port: 'acked', finishedAt: at(5) };
  expect(
    story({
      run: { ...run, status: 'succeeded', finishedAt: at(5) },
      steps: [step('document'), step('put', { port: 'delivered', attempts: 2, finishedAt: at(2) }), step('ack', done)],
      waits: [{ ...wait, state: 'matched', closedAt: at(5) }],
      signals: [signal({})],
    }),
  ).toEqual([
    'Order approved received by webhook',
    'document – done',
    'Put into dropzone – delivered (attempt 2)',
    'Waiting for the acknowledgement of 4711, due by 2026-01-05T10:00:30.000Z',
    'Acknowledgement of 4711 from ack_4711.json received',
    'Wait for ack – acked',
    'Finished',
  ]);
});

test('a step that is tried again, and one that has failed', () => {
  const error = { category: 'transient', code: 'DOWN', message: 'The dropzone is down.' } as const;
  expect(
    story({ steps: [step('put', { status: 'retrying', error, nextRetryAt: at(9), finishedAt: null })] }),
  ).toContain('Put into dropzone failed, tried again at 2026-01-05T10:00:09.000Z: The dropzone is down.');
  const failed = { ...run, status: 'failed', error, finishedAt: at(9) } as const;
  expect(
    story({ run: failed, steps: [step('put', { status: 'failed', attempts: 5, error, finishedAt: at(9) })] }),
  ).toEqual([
    'Order approved received by webhook',
    'Put into dropzone failed (attempt 5): The dropzone is down.',
    'Failed: The dropzone is down.',
  ]);
});

test('a wait that is overdue is told once, though it also raised an alert; one that expired is told', () => {
  const alert = {
    id: 'a',
    at: at(31),
    code: 'WAIT_OVERDUE',
    severity: 'warning',
    message: 'late',
    runId: 'r',
    flowId: 'f',
  } as const;
  const expired = { ...wait, overdueSince: at(30), state: 'expired', closedAt: at(40) } as const;
  expect(
    story({ steps: [step('ack', { status: 'waiting', finishedAt: null })], waits: [expired], alerts: [alert] }),
  ).toEqual([
    'Order approved received by webhook',
    expect.stringMatching(/^Waiting for the acknowledgement of 4711/),
    'The acknowledgement of 4711 is overdue',
    'The acknowledgement of 4711 did not come in time',
  ]);
});

test('other alerts and signals that changed nothing are told with their reason', () => {
  const alert = {
    id: 'a',
    at: at(6),
    code: 'RETRIES',
    severity: 'high',
    message: 'Five attempts have failed.',
    runId: 'r',
    flowId: 'f',
  } as const;
  const late = signal({ state: 'late', reason: 'The run had ended.', step: null, receivedAt: at(7) });
  expect(story({ alerts: [alert], signals: [late] }).slice(1)).toEqual([
    'Alert: Five attempts have failed.',
    'Signal of 4711 from ack_4711.json late: The run had ended.',
  ]);
});

test('a run that is cancelled says so', () => {
  expect(story({ run: { ...run, status: 'cancelled', finishedAt: at(9) } }).at(-1)).toBe('Cancelled');
});
