import { definePack } from '@millrace/contract';
import { folderOrSftp } from './connection/connection.ts';
import { deleteFile } from './delete/node.ts';
import { get } from './get/node.ts';
import { list } from './list/node.ts';
import { move } from './move/node.ts';
import { put } from './put/node.ts';
import { watch } from './watch/trigger.ts';

/** Files in folders, local or by SFTP. */
export default definePack({
  id: 'files',
  title: 'Files',
  nodes: [put, get, list, move, deleteFile],
  triggers: [watch],
  connections: [folderOrSftp],
});
