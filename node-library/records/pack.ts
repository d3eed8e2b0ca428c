import { definePack } from '@millrace/contract';
import change from './change/node.ts';
import get from './get/node.ts';
import nextNumber from './next-number/node.ts';
import put from './put/node.ts';
import putAll from './put-all/node.ts';
import query from './query/node.ts';
import sync from './sync/node.ts';
import transition from './transition/node.ts';

/** Records of the flow: what is known about orders, exports, suppliers, with their life cycles. */
export default definePack({
  id: 'records',
  title: 'Records',
  nodes: [get, query, put, putAll, change, transition, sync, nextNumber],
  triggers: [],
  connections: [],
});
