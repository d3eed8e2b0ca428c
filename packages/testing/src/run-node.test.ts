import { AnyJson, defineNode, Expression, emit, MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { evaluateConfig } from './evaluate-config.ts';
import { runNode, stepTime } from './run-node.ts';

const config = Type.Object({ problem: Type.Enum(['none', 'ours', 'bug']) });
const node = defineNode({
  id: 'test/node',
  version: 1,
  title: 'Node',
  summary: 'Does what it is told.',
  icon: 'box',
  config,
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'pure',
  examples: [],
  run(input, { problem }) {
    if (problem === 'ours') throw new MillraceError('REFUSED', 'It is refused.');
    if (problem === 'bug') throw new TypeError('x is not a function');
    return emit('out', input);
  },
});

test('an error that a node throws is the failure of its step', async () => {
  expect(await runNode(node, 1, { problem: 'ours' })).toMatchObject({ kind: 'fail', error: { code: 'REFUSED' } });
});

test('a bug in a node fails the test', async () => {
  await expect(runNode(node, 1, { problem: 'bug' })).rejects.toThrow('x is not a function');
});

test('expressions are evaluated only where the schema allows them, wherever the field stands', async () => {
  const schema = Type.Object({
    literal: Type.String(),
    headers: Type.Record(Type.String(), Expression(Type.String())),
    cases: Type.Array(Type.Object({ when: Expression(Type.Boolean()) })),
  });
  const written = {
    literal: '{% a %}',
    headers: { x: '{% a %}', gone: '{% b %}' },
    cases: [{ when: '{% a = "1" %}' }],
  };
  expect(await evaluateConfig(schema, written, { a: '1' }, stepTime)).toEqual({
    literal: '{% a %}',
    headers: { x: '1' },
    cases: [{ when: true }],
  });
});
