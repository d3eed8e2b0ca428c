import type { FlowBundle } from '@millrace/flow';
import { expect, test } from 'vitest';
import { excerptOf, paste, readExcerpt, textOf } from './clipboard.ts';
import { columnWidth } from './layout.ts';

const node = (type: string, more: object = {}) => ({ type, version: 1, config: {}, ...more });
const bundle: FlowBundle = {
  flow: {
    format: 1,
    id: 'orders',
    name: 'Orders',
    connections: { erp: { type: 'dropzone/folder-or-sftp' }, shop: { type: 'commerce/shop' } },
    nodes: {
      hook: node('core/webhook'),
      map: node('core/map', { config: { expression: '$steps.hook.id' } }),
      put: node('dropzone/put', { connection: 'erp', config: { fileName: '{% $steps.map.id & $steps.hook.id %}' } }),
    },
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'put' },
    ],
  },
  layout: { nodes: { hook: { x: 0, y: 0 }, map: { x: 0, y: 116 }, put: { x: 0, y: 232 } } },
  samples: {},
  tests: {},
  records: [],
};
const copied = () => textOf(excerptOf(bundle, new Set(['map', 'put'])));
const read = (text: string) => {
  const found = readExcerpt(text);
  if (!found || !('excerpt' in found)) throw new Error('This is no excerpt.');
  return found.excerpt;
};

test('R-X4 what is copied is the part of the flow as JSON: nodes, edges among them, their slots and places', () => {
  expect(JSON.parse(copied())).toEqual({
    nodes: { map: bundle.flow.nodes.map, put: bundle.flow.nodes.put },
    edges: [{ from: 'map', to: 'put' }],
    connections: { erp: { type: 'dropzone/folder-or-sftp' } },
    layout: { nodes: { map: { x: 0, y: 116 }, put: { x: 0, y: 232 } } },
  });
});

test('R-X4 pasted beside itself it gets free ids, in its edges and expressions too; what was not copied keeps its name', () => {
  const { edit, ids } = paste(bundle, read(copied()));
  const { flow, layout } = edit(bundle);
  expect([...ids]).toEqual(['map-2', 'put-2']);
  expect(flow.edges).toContainEqual({ from: 'map-2', to: 'put-2' });
  expect(flow.nodes['put-2']).toMatchObject({
    connection: 'erp',
    config: { fileName: '{% $steps.`map-2`.id & $steps.hook.id %}' },
  });
  expect(layout.nodes['map-2']).toEqual({ x: columnWidth, y: 116 });
  expect(flow.nodes.map).toBe(bundle.flow.nodes.map);
});

test('R-X4 changed in a text editor and pasted into another flow, it is there as it was changed', () => {
  const empty: FlowBundle = {
    ...bundle,
    flow: { ...bundle.flow, connections: {}, nodes: {}, edges: [] },
    layout: { nodes: {} },
  };
  const { edit } = paste(empty, read(copied().replace('dropzone/put', 'files/put')), { x: 500, y: 500 });
  const { flow, layout } = edit(empty);
  expect(flow.nodes.put?.type).toBe('files/put');
  expect(flow.connections).toEqual({ erp: { type: 'dropzone/folder-or-sftp' } });
  expect(layout.nodes).toEqual({ map: { x: 500, y: 500 }, put: { x: 500, y: 616 } });
});

test('a whole bundle can be pasted, and a bare flow without places', () => {
  expect(Object.keys(read(JSON.stringify(bundle)).nodes)).toEqual(['hook', 'map', 'put']);
  expect(Object.keys(read(JSON.stringify(bundle.flow)).nodes)).toEqual(['hook', 'map', 'put']);
});

test('a mistake in nodes is told with its place; a text that is something else is none', () => {
  const wrong = readExcerpt('{"nodes":{"a":{"type":"core/map","version":"one","config":{}}}}');
  expect(wrong).toMatchObject({ problems: [{ pointer: '/nodes/a/version' }] });
  expect(readExcerpt('Dear Karin,')).toBeUndefined();
  expect(readExcerpt('{"id":"D-1001"}')).toBeUndefined();
  expect(readExcerpt('[1, 2]')).toBeUndefined();
});

test('the loop around a node comes along, or the node stands outside', () => {
  const loops: FlowBundle = {
    ...bundle,
    flow: {
      ...bundle.flow,
      nodes: { each: node('core/for-each'), map: node('core/map', { parent: 'each' }) },
      edges: [],
    },
  };
  const both = paste(loops, excerptOf(loops, new Set(['each', 'map']))).edit(loops);
  expect(both.flow.nodes['map-2']?.parent).toBe('each-2');
  const elsewhere = paste(bundle, excerptOf(loops, new Set(['map']))).edit(bundle);
  expect(elsewhere.flow.nodes['map-2']).not.toHaveProperty('parent');
});
