import type { ConnectionSpec, JsonObject } from '@millrace/contract';
import { openNetwork } from '@millrace/testing/run-node';
import { secretConfigs } from '@millrace/testing/secret-configs';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { packs } from '../packs.ts';

const types = packs.flatMap(({ connections }) => connections as readonly ConnectionSpec[]);
const withSecrets = types.flatMap((spec) =>
  secretConfigs(spec.config, (field, sort) => `canary of ${field} ${sort}`).map(
    ({ config }, sort) => [spec.id, sort, spec, config as JsonObject] as const,
  ),
);
/** What only both sides know reaches nobody. */
const unreachable = withSecrets.filter(([id]) => id !== 'core/webhook-secret');

test('every connection type with secrets is tried', () => {
  expect(new Set(withSecrets.map(([id]) => id))).toEqual(
    new Set([
      'core/http',
      'core/webhook-secret',
      'dropzone/folder-or-sftp',
      'files/folder-or-sftp',
      'mail/smtp',
      'object-store/store',
      'sql/postgres',
    ]),
  );
});

describe('R-E4 the test of a connection', () => {
  test.each(withSecrets)('%s (%i) has a config that fits it', (_id, _sort, spec, config) => {
    expect([...Value.Errors(spec.config, config)]).toEqual([]);
  });

  test.each(unreachable)(
    '%s (%i) to where nobody answers says so in a sentence, without the login',
    async (_id, _sort, spec, config) => {
      const { ok, message } = await spec.probe(
        { ...config, accessToken: 'canary of the token' },
        new AbortController().signal,
        openNetwork,
      );
      expect(ok).toBe(false);

      expect(message).toMatch(/^\S.{15,}\.$/s);
      expect(message).not.toContain('canary');
    },
  );
});
