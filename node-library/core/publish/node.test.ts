import type { Json, NodeContext } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { expect, test } from 'vitest';
import event from '../event/trigger.ts';
import publish from './node.ts';

function recordedRuns() {
  const published: [string, Json][] = [];
  const runs: NodeContext['runs'] = {
    ...({} as NodeContext['runs']),
    publish: async (topic, payload) => {
      published.push([topic, payload]);
    },
  };
  return { published, runs };
}

test('data is published, and the input goes on', async () => {
  const { published, runs } = recordedRuns();
  const on = { kind: 'emit', port: 'out', data: { id: 1 } };
  expect(await runNode(publish, { id: 1 }, { topic: 'order.new', payload: { id: 2 } }, { runs })).toEqual(on);
  expect(await runNode(publish, { id: 1 }, { topic: 'order.new', payload: 7 }, { runs })).toEqual(on);
  expect(await runNode(publish, { id: 1 }, { topic: 'order.new', payload: null }, { runs })).toEqual(on);
  expect(published).toEqual([
    ['order.new', { id: 2 }],
    ['order.new', 7],
    ['order.new', null],
  ]);
});

test('who listens to the topic is started by it', () => {
  expect(event.activation({ topic: 'order.new' })).toEqual({ kind: 'event', topic: 'order.new' });
});

test.each(['', '.', 'a..b', 'a b', 'a/b', 'x'.repeat(201)])('“%s” is no topic', (topic) => {
  expect(schemaProblems(event.config, { topic })).not.toEqual([]);
  expect(schemaProblems(publish.config, { topic, payload: 1 })).not.toEqual([]);
});
