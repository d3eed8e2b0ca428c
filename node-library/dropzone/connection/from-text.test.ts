import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { folderPlace } from '@millrace/file-exchange/places.fixture';
import { expect, test } from 'vitest';
import { dropzoneFromText } from './from-text.ts';

const hostKey = 'SHA256:uNiVztksCsDhcc0u9e8+rJwmXWFlfzQLlmbx/jXkiyk';

test('a path is a folder', () => {
  expect(dropzoneFromText('/srv/erp')).toEqual({ kind: 'folder', path: '/srv/erp' });
});

test('an sftp address holds user, password, port, path and the pinned host key, “+” and “/” included', () => {
  expect(dropzoneFromText(`sftp://erp:p%40ss@sftp.example.com:2222/in/orders?hostKey=${hostKey}`)).toEqual({
    kind: 'sftp',
    host: 'sftp.example.com',
    port: 2222,
    username: 'erp',
    password: 'p@ss',
    hostKey,
    path: '/in/orders',
  });
});

test('the private key is read from its file', async () => {
  const place = await folderPlace();
  const file = join(place.root, 'key');
  await writeFile(file, 'KEY');
  const text = `sftp://erp@[::1]/in?hostKey=${hostKey}&privateKeyFile=${encodeURIComponent(file)}&outFolder=inbound`;
  expect(dropzoneFromText(text)).toMatchObject({ host: '::1', port: 22, privateKey: 'KEY', outFolder: 'inbound' });
  await place.stop();
});

test.each([
  ['', ''],
  ['ftp://erp@host/in', '/kind'],
  ['sftp://', '/host'],
  ['sftp://erp@host/in', '/hostKey'],
  ['sftp://erp@host/in?hostKey=MD5:00', '/hostKey'],
  [`sftp://host/in?hostKey=${hostKey}`, '/username'],
  [`sftp://erp@host/in?hostKey=${hostKey}&outFolder=../x`, '/outFolder'],
  [`sftp://erp@host/in?hostKey=${hostKey}&hostkey=x`, '/hostkey'],
  [`sftp://erp@host/in?hostKey=${hostKey}&privateKeyFile=/no/such/key`, '/privateKey'],
  [`sftp://erp:50%@host/in?hostKey=${hostKey}`, '/password'],
])('the text %j is refused at %j', (text, pointer) => {
  expect(refusal(text)).toMatchObject({ code: 'BAD_CONNECTION_TEXT', options: { pointer } });
});

test('a refusal does not repeat the password', () => {
  expect(refusal('sftp://erp:geheim@host/in').message).not.toContain('geheim');
});

function refusal(text: string): MillraceError {
  try {
    dropzoneFromText(text);
  } catch (error) {
    if (error instanceof MillraceError) return error;
  }
  throw new Error('The text was accepted.');
}
