import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Servers such as sshd lie where only root's PATH looks. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Path of the first of these programs that is installed; nothing where none is. */
export function findProgram(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...systemFolders];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
