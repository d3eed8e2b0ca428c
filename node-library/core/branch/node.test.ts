import { authoringSchema, type Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { expect, test } from 'vitest';
import branch from './node.ts';

test('of several true cases the first is taken', async () => {
  const cases = [
    { port: 'first', when: false },
    { port: 'second', when: true },
    { port: 'third', when: true },
  ];
  expect(await runNode(branch, { id: 1 }, { cases })).toEqual({ kind: 'emit', port: 'second', data: { id: 1 } });
});

test('an edge that names no port leaves by “else”', () => {
  expect(Object.keys(branch.outputs)[0]).toBe('else');
});

test.each(['else', 'error', '', 'two words', '1st'])('a case may not be called “%s”', (port) => {
  const config: Json = { cases: [{ port, when: '{% true %}' }] };
  expect(schemaProblems(authoringSchema(branch.config), config)).not.toEqual([]);
});

test('a condition that gives no true or false is no config that the node accepts', () => {
  expect(schemaProblems(branch.config, { cases: [{ port: 'large' }] })).toMatchObject([{ pointer: '/cases/0/when' }]);
});
