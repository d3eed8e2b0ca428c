import type { FlowBundle, FlowDocument } from '@millrace/flow';
import { expect, test } from 'vitest';
import { framesOf, loopAt, loopsAround, putInto, wholeBodyOf } from './bodies.ts';
import { removeNodes } from './edits.ts';
import { completeLayout } from './layout.ts';
import { outlineOf } from './outline.ts';

const node = (type: string, parent?: string) => ({ type, version: 1, config: {}, ...(parent && { parent }) });
const flow: FlowDocument = {
  format: 1,
  id: 'orders',
  name: 'Orders',
  nodes: {
    hook: node('core/webhook'),
    price: node('core/map', 'lines'),
    lines: node('core/for-each'),
    parts: node('core/for-each', 'lines'),
    weigh: node('core/map', 'parts'),
    send: node('core/map'),
  },
  edges: [
    { from: 'hook', to: 'lines' },
    { from: 'lines', to: 'send' },
    { from: 'price', to: 'parts' },
  ],
};
const layout = completeLayout(flow, { nodes: {} });
const hasBody = (id: string) => flow.nodes[id]?.type === 'core/for-each';
const frames = framesOf(flow, layout, hasBody);
const bundle: FlowBundle = { flow, layout, samples: {}, tests: {}, records: [] };

test('the area of a body is around its boxes, and around the areas in it', () => {
  const [outer, inner] = frames;
  expect([outer?.loop, inner?.loop]).toEqual(['lines', 'parts']);
  for (const id of ['price', 'parts', 'weigh']) {
    const { x = 0, y = 0 } = layout.nodes[id] ?? {};
    expect(x).toBeGreaterThan(outer?.x ?? Number.NaN);
    expect(y).toBeGreaterThan(outer?.y ?? Number.NaN);
    expect(x).toBeLessThan((outer?.x ?? 0) + (outer?.width ?? 0));
  }
  expect((outer?.x ?? 0) + (outer?.width ?? 0)).toBeGreaterThan((inner?.x ?? 0) + (inner?.width ?? 0));
});

test('a tidy flow has its bodies beside it, and no two boxes on each other', () => {
  const [outer] = frames;
  for (const id of ['hook', 'lines', 'send']) expect(layout.nodes[id]?.x).toBeLessThan(outer?.x ?? Number.NaN);
  expect(new Set(Object.values(layout.nodes).map(({ x, y }) => `${x},${y}`)).size).toBe(6);
});

test('R-X4 what is dropped over a body stands in the innermost loop there; a loop never in itself', () => {
  const at = layout.nodes.weigh ?? { x: 0, y: 0 };
  expect(loopAt(frames, flow, at, 'send')).toBe('parts');
  expect(loopAt(frames, flow, at, 'parts')).toBe('lines');
  expect(loopAt(frames, flow, at, 'lines')).toBeUndefined();
  expect(loopAt(frames, flow, { x: -500, y: -500 }, 'send')).toBeUndefined();
});

test('an empty body has its area beside the loop, so that something can be dropped there', () => {
  const empty = { ...flow, nodes: { each: node('core/for-each') }, edges: [] };
  const [frame] = framesOf(empty, { nodes: { each: { x: 0, y: 0 } } }, () => true);
  expect(frame).toMatchObject({ loop: 'each', y: 0 });
  expect(frame?.x).toBeGreaterThan(0);
});

test('a node is put into a body and out of it again; a loop that goes leaves what stood in it', () => {
  const inside = putInto('send', 'lines')(bundle);
  expect(inside.flow.nodes.send?.parent).toBe('lines');
  expect(putInto('send', undefined)(inside).flow.nodes.send).not.toHaveProperty('parent');
  expect(putInto('send', undefined)(bundle)).toBe(bundle);
  const { nodes } = removeNodes(new Set(['parts']))(bundle).flow;
  expect(nodes.weigh?.parent).toBe('lines');
  expect(removeNodes(new Set(['parts', 'lines']))(bundle).flow.nodes.weigh).not.toHaveProperty('parent');
});

test('a circle of loops, which no valid flow has, does no harm', () => {
  const circle = { ...flow, nodes: { a: node('core/for-each', 'b'), b: node('core/for-each', 'a') }, edges: [] };
  expect(loopsAround(circle, 'a')).toEqual(['b', 'a']);
  expect(framesOf(circle, completeLayout(circle, { nodes: {} }), () => true)).toEqual([]);
  expect(outlineOf(circle).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('R-X4 the outline tells nodes in their order, bodies below their loops', () => {
  expect(outlineOf(flow)).toEqual([
    { id: 'hook', depth: 0 },
    { id: 'lines', depth: 0 },
    { id: 'price', depth: 1 },
    { id: 'parts', depth: 1 },
    { id: 'weigh', depth: 2 },
    { id: 'send', depth: 0 },
  ]);
  expect(wholeBodyOf(flow, 'lines')).toEqual(['price', 'parts', 'weigh']);
});
