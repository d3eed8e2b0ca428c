import { AnyJson, type NodeDescription } from '@millrace/contract';
import { expect, test } from 'vitest';
import type { RunWait, Step } from '../api/types.ts';
import { traceOf } from './trace.ts';

const type = (id: string, ...outputs: string[]): [string, NodeDescription] => [
  id,
  {
    kind: 'node',
    id,
    version: 1,
    title: id,
    summary: '',
    icon: '',
    config: {},
    outputs: Object.fromEntries(outputs.map((port) => [port, AnyJson])),
    examples: [],
  },
];
const catalog = new Map([
  type('t/check', 'valid', 'invalid'),
  type('t/wait', 'acked', 'expired'),
  type('t/end', 'out'),
  type('t/hook', 'out'),
]);

const node = (kind: string) => ({ type: kind, version: 1, config: {} });
const document = {
  format: 1 as const,
  id: 'f',
  name: 'F',
  nodes: {
    hook: node('t/hook'),
    check: node('t/check'),
    ack: node('t/wait'),
    refuse: node('t/end'),
    done: node('t/end'),
  },
  edges: [
    { from: 'hook', to: 'check' },
    { from: 'check', to: 'ack' },
    { from: 'check', port: 'invalid', to: 'refuse' },
    { from: 'ack', port: 'acked', to: 'done' },
  ],
};

const trigger = { node: 'hook', source: 'webhook', payload: {}, meta: {} };

const step = (id: string, part: Partial<Step>): Step => ({
  key: id,
  node: id,
  status: 'done',
  attempts: 1,
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: null,
  port: null,
  input: null,
  output: null,
  error: null,
  nextRetryAt: null,
  ...part,
});
const wait = (part: Partial<RunWait>): RunWait => ({
  id: 'w',
  step: 'ack',
  channel: 'c',
  key: 'k',
  state: 'open',
  openedAt: '',
  dueAt: null,
  expiresAt: null,
  overdueSince: null,
  ...part,
});

test('an edge was taken where its port was left through and its end was reached', () => {
  const { taken } = traceOf(
    { document, trigger, steps: [step('check', { port: 'valid' }), step('ack', { status: 'waiting' })], waits: [] },
    catalog,
    () => '',
  );
  expect([...taken]).toEqual(['hook:>check', 'check:>ack']);
});

test('an edge whose end has not begun yet is not taken yet', () => {
  const steps = [step('check', { port: 'valid' })];
  expect([...traceOf({ document, trigger, steps, waits: [] }, catalog, () => '').taken]).toEqual(['hook:>check']);
});

test('an edge that names the ordinary port counts as the ordinary way', () => {
  const steps = [step('check', { port: 'valid' }), step('ack', { port: 'acked' }), step('done', { status: 'running' })];
  expect([...traceOf({ document, trigger, steps, waits: [] }, catalog, () => '').taken]).toEqual([
    'hook:>check',
    'check:>ack',
    'ack:acked>done',
  ]);
});

test('a wait that is overdue is shown as such until it is answered', () => {
  const waits = [wait({ overdueSince: '2026-01-02T00:00:00Z' })];
  const status = (part: Partial<Step>) =>
    traceOf({ document, trigger, steps: [step('ack', part)], waits }, catalog, ({ key }) => key).marks.get('ack');
  expect(status({ status: 'waiting' })).toEqual({ status: 'overdue', note: 'ack' });
  expect(status({ status: 'done' })?.status).toBe('done');
});

test('the trigger has no step, and is shown as done', () => {
  const { marks } = traceOf({ document, trigger, steps: [], waits: [] }, catalog, () => '');
  expect([...marks]).toEqual([['hook', { status: 'done', note: '' }]]);
});
