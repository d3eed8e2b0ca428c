import { expect, test } from 'vitest';
import { fileTrouble } from './failure.ts';

test.each([
  ['ENOENT', 'FOLDER_MISSING', 'transient'],
  ['ENOTDIR', 'FOLDER_MISSING', 'transient'],
  ['ENOSPC', 'DISK_FULL', 'transient'],
  ['EDQUOT', 'DISK_FULL', 'transient'],
  ['EACCES', 'PERMISSION_DENIED', 'auth'],
  ['EROFS', 'PERMISSION_DENIED', 'auth'],
  ['ESTALE', 'EXCHANGE_UNREACHABLE', 'transient'],
  ['EMFILE', 'EXCHANGE_FAILED', 'transient'],
])('R-D3 the file system’s %s is told as %s, category %s', (code, expected, category) => {
  const error = fileTrouble(Object.assign(new Error(code), { code }), '/srv/erp', 'folder-missing');
  expect(error).toMatchObject({ code: expected, category, message: expect.stringContaining('/srv/erp') });
});
