import { definePack } from '@millrace/contract';
import branch from './branch/node.ts';
import fail from './fail/node.ts';
import httpRequest from './http-request/node.ts';
import manual from './manual/trigger.ts';
import map from './map/node.ts';
import validate from './validate/node.ts';
import webhook from './webhook/trigger.ts';

/** What every flow is made of, whatever system it talks to. */
export default definePack({
  id: 'core',
  title: 'Core',
  nodes: [map, validate, branch, httpRequest, fail],
  triggers: [webhook, manual],
  connections: [],
});
