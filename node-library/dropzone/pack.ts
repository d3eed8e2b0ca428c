import { definePack } from '@millrace/contract';
import { dropzone } from './connection/connection.ts';
import { put } from './put/node.ts';
import { waitForAck } from './wait-for-ack/node.ts';

/** Orders out and acks in through a shared folder. */
export default definePack({
  id: 'dropzone',
  title: 'Dropzone',
  nodes: [put, waitForAck],
  triggers: [],
  connections: [dropzone],
});
