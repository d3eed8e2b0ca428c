import { definePack } from '@millrace/contract';
import aggregate from './aggregate/node.ts';
import alert from './alert/node.ts';
import branch from './branch/node.ts';
import build from './build/node.ts';
import callFlow from './call-flow/node.ts';
import delay from './delay/node.ts';
import event from './event/trigger.ts';
import fail from './fail/node.ts';
import forEach from './for-each/node.ts';
import http from './http-connection/connection.ts';
import httpRequest from './http-request/node.ts';
import manual from './manual/trigger.ts';
import map from './map/node.ts';
import mapByVersion from './map-by-version/node.ts';
import note from './note/node.ts';
import parse from './parse/node.ts';
import poll from './poll/trigger.ts';
import publish from './publish/node.ts';
import repeat from './repeat/node.ts';
import respond from './respond/node.ts';
import schedule from './schedule/trigger.ts';
import sendWebhook from './send-webhook/node.ts';
import signedLink from './signed-link/node.ts';
import split from './split/node.ts';
import validate from './validate/node.ts';
import waitForSignal from './wait-for-signal/node.ts';
import webhookSecret from './webhook/secret.ts';
import webhook from './webhook/trigger.ts';

/** What every flow is made of, whatever system it talks to. */
export default definePack({
  id: 'core',
  title: 'Core',
  nodes: [
    map,
    mapByVersion,
    validate,
    branch,
    forEach,
    repeat,
    parse,
    build,
    split,
    aggregate,
    httpRequest,
    sendWebhook,
    signedLink,
    respond,
    waitForSignal,
    delay,
    callFlow,
    publish,
    alert,
    fail,
    note,
  ],
  triggers: [webhook, schedule, poll, event, manual],
  connections: [http, webhookSecret],
});
