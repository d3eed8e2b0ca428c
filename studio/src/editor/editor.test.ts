import type { FlowBundle } from '@millrace/flow';
import { expect, test } from 'vitest';
import { createEditor } from './editor.ts';
import { addNode, changeNode, connect, disconnect, freeNodeId, moveNodes, removeNodes, together } from './edits.ts';
import { isDirty } from './history.ts';
import { splice } from './splice.ts';

const node = (type: string) => ({ type, version: 1, config: {} });

const bundle: FlowBundle = {
  flow: {
    format: 1,
    id: 'orders',
    name: 'Orders',
    nodes: { approved: node('core/webhook'), check: node('core/validate'), refuse: node('core/fail') },
    edges: [
      { from: 'approved', to: 'check' },
      { from: 'check', port: 'invalid', to: 'refuse' },
    ],
    onError: 'refuse',
  },
  layout: { nodes: { approved: { x: 0, y: 0 }, check: { x: 0, y: 128 }, refuse: { x: 300, y: 256 } } },
  samples: {},
  tests: {},
  records: [],
};

const editor = () => createEditor(bundle, 3);

test('a node that goes takes its edges, its place and its part as error handler with it', () => {
  const { state, edit } = editor();
  edit(removeNodes(new Set(['refuse'])));
  const { flow, layout } = state().present;
  expect(Object.keys(flow.nodes)).toEqual(['approved', 'check']);
  expect(flow.edges).toEqual([{ from: 'approved', to: 'check' }]);
  expect(layout.nodes).not.toHaveProperty('refuse');
  expect(flow).not.toHaveProperty('onError');
});

test('moving a box changes the layout and never the flow', () => {
  const { state, edit } = editor();
  edit(moveNodes({ check: { x: 12.4, y: 99.5 } }));
  expect(state().present.layout.nodes.check).toEqual({ x: 12, y: 100 });
  expect(state().present.flow).toBe(bundle.flow);
});

test('undo back to what was saved leaves nothing to save, and redo brings the edit back', () => {
  const { state, edit, undo, redo } = editor();
  edit(connect({ from: 'approved', to: 'refuse' }));
  expect(isDirty(state())).toBe(true);
  undo();
  expect(state().present).toBe(bundle);
  expect(isDirty(state())).toBe(false);
  redo();
  expect(state().present.flow.edges).toHaveLength(3);
});

test('letters typed into one field are undone in one step, another field in another', () => {
  const { state, edit, undo } = editor();
  for (const title of ['C', 'Ch', 'Check']) edit(changeNode('check', { title }), 'title:check');
  edit(changeNode('refuse', { title: 'No' }), 'title:refuse');
  undo();
  expect(state().present.flow.nodes).toMatchObject({ check: { title: 'Check' } });
  undo();
  expect(state().present).toBe(bundle);
});

test('edits that belong to no gesture are undone one by one', () => {
  const { state, edit, undo } = editor();
  edit(moveNodes({ check: { x: 1, y: 1 } }));
  edit(moveNodes({ check: { x: 2, y: 2 } }));
  undo();
  expect(state().present.layout.nodes.check).toEqual({ x: 1, y: 1 });
});

test('a new edit after undo forgets what could have been redone', () => {
  const { state, edit, undo, redo } = editor();
  edit(changeNode('check', { title: 'one' }));
  undo();
  edit(changeNode('check', { title: 'two' }));
  redo();
  expect(state().present.flow.nodes.check?.title).toBe('two');
});

test('edits that change nothing leave no trace in the history', () => {
  const { state, edit } = editor();
  edit(connect({ from: 'approved', to: 'check' }));
  edit(connect({ from: 'check', to: 'check' }));
  edit(disconnect([{ from: 'refuse', to: 'check' }]));
  edit(moveNodes({ check: { x: 0, y: 128 } }));
  expect(state().past).toEqual([]);
});

test('an edit made while saving is under way stays unsaved', () => {
  const { state, edit, markSaved } = editor();
  edit(changeNode('check', { title: 'sent' }));
  const sent = state().present;
  edit(changeNode('check', { title: 'typed meanwhile' }));
  markSaved(sent, 4);
  expect(isDirty(state())).toBe(true);
  expect(state().revision).toBe(4);
});

test('a field set to nothing is taken away from the node', () => {
  const { state, edit } = editor();
  edit(changeNode('check', { retry: { attempts: 3 } }));
  edit(changeNode('check', { retry: undefined }));
  expect(state().present.flow.nodes.check).toEqual(node('core/validate'));
});

test('a new node gets a free id, and node and edge come and go in one step', () => {
  const { state, edit, undo } = editor();
  expect(freeNodeId(bundle, 'core/http-request')).toBe('http-request');
  const id = freeNodeId(
    { ...bundle, flow: { ...bundle.flow, nodes: { ...bundle.flow.nodes, map: node('core/map') } } },
    'core/map',
  );
  expect(id).toBe('map-2');
  edit(together(addNode(id, node('core/map'), { x: 1, y: 2 }), connect({ from: 'check', to: id })));
  expect(state().present.flow.edges.at(-1)).toEqual({ from: 'check', to: 'map-2' });
  undo();
  expect(state().present).toBe(bundle);
});

test('those who watch are told of changes, and of nothing else', () => {
  const { edit, undo, subscribe } = editor();
  let told = 0;
  const stop = subscribe(() => told++);
  undo();
  edit(changeNode('check', { title: 'x' }));
  stop();
  undo();
  expect(told).toBe(1);
});

test('a node put onto a line takes the place of the line’s end, which makes room', () => {
  const { state, edit, undo } = editor();
  edit(splice({ from: 'approved', to: 'check' }, 'map', node('core/map')));
  const { flow, layout } = state().present;
  expect(flow.edges).toContainEqual({ from: 'approved', to: 'map' });
  expect(flow.edges).toContainEqual({ from: 'map', to: 'check' });
  expect(flow.edges).not.toContainEqual({ from: 'approved', to: 'check' });
  expect(layout.nodes.map).toEqual(bundle.layout.nodes.check);
  expect(layout.nodes.check?.y).toBeGreaterThan(bundle.layout.nodes.check?.y ?? 0);
  expect(layout.nodes.approved).toEqual(bundle.layout.nodes.approved);
  undo();
  expect(state().present).toBe(bundle);
});
