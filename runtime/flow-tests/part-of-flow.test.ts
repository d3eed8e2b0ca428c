import type { FlowDocument } from '@millrace/flow';
import { expect, test } from 'vitest';
import { partUpTo } from './part-of-flow.ts';

const node = (parent?: string) => ({ type: 'core/map', version: 1, config: {}, ...(parent && { parent }) });
const flow: FlowDocument = {
  format: 1,
  id: 'orders',
  name: 'Orders',
  nodes: {
    hook: node(),
    check: node(),
    lines: node(),
    price: node('lines'),
    round: node('lines'),
    send: node(),
    no: node(),
  },
  edges: [
    { from: 'hook', to: 'check' },
    { from: 'check', port: 'invalid', to: 'no' },
    { from: 'check', to: 'lines' },
    { from: 'price', to: 'round' },
    { from: 'lines', to: 'send' },
  ],
  onError: 'no',
};

test('everything that leads to a node is kept, and nothing else', () => {
  const { nodes, edges, onError } = partUpTo(flow, 'lines');
  expect(Object.keys(nodes)).toEqual(['hook', 'check', 'lines']);
  expect(edges).toEqual([
    { from: 'hook', to: 'check' },
    { from: 'check', to: 'lines' },
  ]);
  expect(onError).toBeUndefined();
});

test('of the slots, those are kept that its nodes use', () => {
  const types = { erp: { type: 'dropzone/folder-or-sftp' }, store: { type: 'storage/bucket' } };
  const slotted: FlowDocument = {
    ...flow,
    connections: types,
    nodes: { ...flow.nodes, check: { ...node(), connection: 'erp' }, send: { ...node(), connection: 'store' } },
  };
  expect(partUpTo(slotted, 'lines').connections).toEqual({ erp: types.erp });
  expect(partUpTo(slotted, 'send').connections).toEqual(types);
});

test('of a node in the body of a loop, the loop and what leads to it is kept too', () => {
  expect(Object.keys(partUpTo(flow, 'price').nodes)).toEqual(['hook', 'check', 'lines', 'price']);
  expect(partUpTo(flow, 'round').edges).toContainEqual({ from: 'price', to: 'round' });
});

test('a circle, which no valid flow has, ends', () => {
  const circle = { ...flow, edges: [...flow.edges, { from: 'send', to: 'check' }] };
  expect(Object.keys(partUpTo(circle, 'check').nodes)).toContain('send');
});
