import { definePack } from '@millrace/contract';
import execute from './execute/node.ts';
import poll from './poll/trigger.ts';
import postgres from './postgres/connection.ts';
import query from './query/node.ts';

/** Reads and writes databases of other systems. */
export default definePack({
  id: 'sql',
  title: 'SQL',
  nodes: [query, execute],
  triggers: [poll],
  connections: [postgres],
});
