import { definePack } from '@millrace/contract';
import put from './put/node.ts';
import transition from './transition/node.ts';

/** Records of the flow: what is known about orders, exports, suppliers, with their life cycles. */
export default definePack({
  id: 'records',
  title: 'Records',
  nodes: [put, transition],
  triggers: [],
  connections: [],
});
