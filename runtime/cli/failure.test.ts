import { MillraceError } from '@millrace/contract';
import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

test('a connection to the database that was lost is told with what to do', () => {
  const thrown = new Error('Client has encountered a connection error and is not queryable');
  expect(failureOf(thrown)).toEqual({
    code: 1,
    text: expect.stringMatching(/^DATABASE_UNAVAILABLE: .*before you repeat it/),
  });
});

test('what another system says of its connection is not taken for the database', () => {
  const thrown = new MillraceError('SFTP_FAILED', 'Connection ended.', { category: 'transient', pointer: '/host' });
  expect(failureOf(thrown)).toEqual({ code: 1, text: 'SFTP_FAILED: Connection ended. (/host)' });
});
