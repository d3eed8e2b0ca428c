import { definePack } from '@millrace/contract';
import put from './put/node.ts';
import store from './store/connection.ts';

/** Keeps documents under keys. */
export const objectStore = definePack({
  id: 'object-store',
  title: 'Object store',
  nodes: [put],
  triggers: [],
  connections: [store],
});
export default objectStore;
