import { definePack } from '@millrace/contract';
import remove from './delete/node.ts';
import get from './get/node.ts';
import list from './list/node.ts';
import put from './put/node.ts';
import store from './store/connection.ts';

/** Keeps documents and files under keys. */
export default definePack({
  id: 'object-store',
  title: 'Object store',
  nodes: [put, get, list, remove],
  triggers: [],
  connections: [store],
});
