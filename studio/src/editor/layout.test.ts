import type { FlowDocument } from '@millrace/flow';
import { expect, test } from 'vitest';
import { columnWidth, completeLayout, orientationOf, rowHeight, tidy } from './layout.ts';

function flowOf(...edges: [from: string, to: string, port?: string][]): FlowDocument {
  const ids = new Set(edges.flatMap(([from, to]) => [from].concat(to)));
  const node = { type: 'core/map', version: 1, config: {} };
  return {
    format: 1,
    id: 'f',
    name: 'F',
    nodes: Object.fromEntries([...ids].map((id) => [id, node])),
    edges: edges.map(([from, to, port]) => ({ from, to, ...(port !== undefined && { port }) })),
  };
}

test('the ordinary way runs straight down, another way stands to its right', () => {
  const places = tidy(flowOf(['a', 'refuse', 'invalid'], ['a', 'b'], ['b', 'c']));
  expect(places).toEqual({
    a: { x: 0, y: 0 },
    b: { x: 0, y: rowHeight },
    c: { x: 0, y: 2 * rowHeight },
    refuse: { x: columnWidth, y: rowHeight },
  });
});

test('a node stands below everything that leads to it, and no two stand on each other', () => {
  const flow = flowOf(['a', 'b'], ['a', 'c', 'x'], ['b', 'd'], ['d', 'e'], ['c', 'e'], ['other', 'e']);
  const places = tidy(flow);
  for (const { from, to } of flow.edges) expect(places[to]?.y).toBeGreaterThan(places[from]?.y ?? Number.NaN);
  expect(new Set(Object.values(places).map(({ x, y }) => `${x},${y}`)).size).toBe(6);
});

test('a circle, though no valid flow has one, is drawn all the same', () => {
  expect(Object.keys(tidy(flowOf(['a', 'b'], ['b', 'a'])))).toEqual(['a', 'b']);
});

test('nodes that have a place keep it', () => {
  const flow = flowOf(['a', 'b']);
  expect(completeLayout(flow, { nodes: { b: { x: 7, y: 7 } } }).nodes).toEqual({
    a: { x: 0, y: 0 },
    b: { x: 7, y: 7 },
  });
});

test('a drawing that was laid out to the right is seen as such', () => {
  const flow = flowOf(['a', 'b']);
  expect(orientationOf(flow, { nodes: { a: { x: 0, y: 0 }, b: { x: 300, y: 20 } } })).toBe('right');
  expect(orientationOf(flow, { nodes: { a: { x: 0, y: 0 }, b: { x: 20, y: 128 } } })).toBe('down');
});
