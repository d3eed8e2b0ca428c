import { AnyJson, Failure, type NodeDescription } from '@millrace/contract';
import { expect, test } from 'vitest';
import { ordinaryPort, portsOf } from './ports.ts';

const description: NodeDescription = {
  kind: 'node',
  id: 'core/branch',
  version: 1,
  title: 'Branch',
  summary: '',
  icon: 'git-branch',
  config: {},
  outputs: { otherwise: AnyJson, invalid: Failure('INVALID', AnyJson) },
  portsFrom: { list: 'cases', field: 'port' },
  examples: [],
};
const node = { type: 'core/branch', version: 1, config: { cases: [{ port: 'small' }, { port: 'large' }, null] } };

test('ports come from the type, from the config and from edges; the error port is last', () => {
  expect(portsOf(node, description, [{ from: 'x', port: 'ghost', to: 'y' }])).toEqual([
    { id: 'otherwise', kind: 'ordinary' },
    { id: 'small', kind: 'branch' },
    { id: 'large', kind: 'branch' },
    { id: 'invalid', kind: 'failure' },
    { id: 'ghost', kind: 'branch' },
    { id: 'error', kind: 'error' },
  ]);
});

test('a trigger has no error port', () => {
  const ports = portsOf({ ...node, config: {} }, { ...description, kind: 'trigger', outputs: { out: AnyJson } }, []);
  expect(ports).toEqual([{ id: 'out', kind: 'ordinary' }]);
});

test('a node of an unknown type still has an ordinary port', () => {
  expect(ordinaryPort(undefined)).toBe('out');
});
