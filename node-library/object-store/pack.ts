import { definePack } from '@millrace/contract';
import put from './put/node.ts';
import store from './store/connection.ts';

/** Keeps documents under keys. */
export default definePack({
  id: 'object-store',
  title: 'Object store',
  nodes: [put],
  triggers: [],
  connections: [store],
});
