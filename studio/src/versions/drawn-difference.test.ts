import { difference } from '@millrace/flow';
import { expect, test } from 'vitest';
import type { FlowBundle, FlowDocument } from '../api/types.ts';
import { drawnDifference } from './drawn-difference.ts';

const node = (config = {}) => ({ type: 'core/map', version: 1, config });
const bundle = (nodes: FlowDocument['nodes'], edges: FlowDocument['edges'], x = 0): FlowBundle => ({
  flow: { format: 1, id: 'f', name: 'F', nodes, edges },
  layout: { nodes: Object.fromEntries(Object.keys(nodes).map((id) => [id, { x, y: 0 }])) },
  samples: {},
  tests: {},
  records: [],
});

test('R-F6 what was added, changed and removed is drawn together; what only moved is not', () => {
  const before = bundle({ a: node(), b: node(), gone: node() }, [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'gone' },
  ]);
  const after = bundle(
    { a: node(), b: node({ expression: 'x' }), fresh: node() },
    [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'fresh' },
    ],
    7,
  );
  const drawn = drawnDifference(before, after, difference(before, after));
  expect(Object.keys(drawn.flow.nodes).sort()).toEqual(['a', 'b', 'fresh', 'gone']);
  expect(drawn.layout.nodes).toMatchObject({ a: { x: 7 }, gone: { x: 0 } });
  expect(Object.fromEntries(drawn.highlights.nodes)).toEqual({ b: 'changed', fresh: 'added', gone: 'removed' });
  expect(Object.fromEntries(drawn.highlights.edges)).toEqual({ 'b:>fresh': 'added', 'b:>gone': 'removed' });
});
