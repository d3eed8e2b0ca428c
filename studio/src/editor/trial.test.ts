import type { FlowDocument } from '@millrace/flow';
import { expect, test } from 'vitest';
import { outcomesBefore, staleness, type Trial } from './trial.ts';

const node = (config: Record<string, unknown> = {}) => ({ type: 'core/map', version: 1, config });
const flow: FlowDocument = {
  format: 1,
  id: 'orders',
  name: 'Orders',
  nodes: { hook: node(), check: node(), map: node(), send: node() },
  edges: [
    { from: 'hook', to: 'check' },
    { from: 'check', to: 'map' },
    { from: 'map', to: 'send' },
  ],
};
const done = (output: number) => ({ input: 0, output, port: 'out', error: undefined });
const trial: Trial = {
  flow,
  payload: 0,
  data: new Map([
    ['check', done(1)],
    ['map', done(2)],
  ]),
};
const change = (id: string, changed: object): FlowDocument => ({
  ...flow,
  nodes: { ...flow.nodes, [id]: { ...(flow.nodes[id] ?? node()), ...changed } },
});

test('R-X4 data is stale with the reason: own settings, the wiring, or a node before', () => {
  expect(staleness('map', trial, flow)).toBeUndefined();
  expect(staleness('map', trial, change('map', { config: { expression: '1' } }))).toEqual({ kind: 'settings' });
  expect(staleness('map', trial, change('check', { config: {} }))).toEqual({ kind: 'before', node: 'check' });
  expect(staleness('map', trial, { ...flow, edges: flow.edges.slice(1) })).toEqual({ kind: 'wiring' });
});

test('titles, and what comes after, make nothing stale', () => {
  expect(staleness('map', trial, change('map', { title: 'Export' }))).toBeUndefined();
  expect(staleness('map', trial, change('send', { config: {} }))).toBeUndefined();
  expect(staleness('send', trial, change('check', { config: {} }))).toBeUndefined();
});

test('R-X4 a node run by itself gets what is pinned before it, else what was given last, unless that is stale', () => {
  expect(outcomesBefore('send', {}, trial, flow)).toEqual({
    check: { output: 1, port: 'out' },
    map: { output: 2, port: 'out' },
  });
  expect(outcomesBefore('send', { map: 7 }, trial, flow)).toMatchObject({ map: { output: 7 } });
  expect(outcomesBefore('send', {}, trial, change('map', { config: {} }))).toEqual({
    check: { output: 1, port: 'out' },
  });
  expect(outcomesBefore('send', { hook: 5 }, undefined, flow)).toEqual({ hook: { output: 5 } });
});
