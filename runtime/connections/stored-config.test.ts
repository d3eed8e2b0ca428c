import { type ConnectionSpec, type JsonObject, Secret } from '@millrace/contract';
import Type from 'typebox';
import { describe, expect, test } from 'vitest';
import { keepSecrets, withoutMasks } from './stored-config.ts';

const closed = { additionalProperties: false };
const remote = Type.Object(
  {
    kind: Type.Literal('remote'),
    host: Type.String(),
    port: Type.Optional(Type.Integer()),
    everySeconds: Type.Optional(Type.Integer()),
    password: Type.Optional(Secret(Type.String())),
    key: Type.Optional(Secret(Type.String())),
  },
  closed,
);
const local = Type.Object({ kind: Type.Literal('local'), folder: Type.String() }, closed);
const spec: ConnectionSpec = {
  id: 'test/either',
  title: 'Either',
  summary: 'Remote or local.',
  config: Type.Union([remote, local]),
  fromText: (folder) => ({ kind: 'local', folder }),
  probe: async () => ({ ok: true, message: '' }),
};

const before = { kind: 'remote', host: 'a', port: 22 };
const kept = { password: 'p' };
const change = (next: JsonObject) => keepSecrets(withoutMasks(next, spec), before, kept, spec);

describe('a stored secret', () => {
  test('stays where nothing that names the other side has changed', () => {
    expect(change(before)).toEqual({ ...before, password: 'p' });
    expect(change({ ...before, password: { set: true } })).toEqual({ ...before, password: 'p' });
    expect(change({ ...before, password: '', everySeconds: 5 })).toEqual({ ...before, everySeconds: 5, password: 'p' });
  });

  test('is replaced by a new one, wherever it goes', () => {
    expect(change({ ...before, host: 'b', password: 'q' })).toEqual({ ...before, host: 'b', password: 'q' });
  });

  test.each([{ host: 'b' }, { port: 23 }, { host: 'b', key: 'k' }])('is asked for again with %j', (elsewhere) => {
    expect(() => change({ ...before, ...elsewhere })).toThrow(
      expect.objectContaining({ code: 'CONNECTION_SECRET_NEEDED' }),
    );
  });

  test('is taken away by null, and then needed nowhere', () => {
    expect(change({ ...before, host: 'b', password: null, key: 'k' })).toEqual({ ...before, host: 'b', key: 'k' });
  });

  test('is dropped with the sort of connection that had a place for it', () => {
    expect(change({ kind: 'local', folder: '/srv' })).toEqual({ kind: 'local', folder: '/srv' });
  });
});
