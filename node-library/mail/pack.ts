import { definePack } from '@millrace/contract';
import send from './send/node.ts';
import smtp from './smtp/connection.ts';

/** Sends e-mail. */
export default definePack({ id: 'mail', title: 'E-mail', nodes: [send], triggers: [], connections: [smtp] });
