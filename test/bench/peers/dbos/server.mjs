/**
 * The bench's work unit on DBOS Transact, as its documentation has it: a workflow whose nodes are steps. `POST /send`
 * answers when the workflow has ended, `POST /ack` when it was acknowledged as well, `POST /signals` is the ack.
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { Ajv } from 'ajv';
import jsonata from 'jsonata';
import { Agent, request } from 'undici';

const { PORT, DATABASE_URL, SINK, WORK_UNIT } = process.env;
const { schema, mapping } = JSON.parse(WORK_UNIT);
const fits = new Ajv({ allErrors: true }).compile(schema);
const expression = jsonata(mapping);
const dispatcher = new Agent({ connections: 256, pipelining: 1 });
const ackSeconds = 60;

async function check(order) {
  if (!fits(order)) throw new Error('The order does not fit its schema.');
}

async function deliver(document) {
  const headers = { 'content-type': 'application/json', 'x-correlation-id': document.Header.DocRef };
  const answer = await request(SINK, { method: 'POST', headers, body: JSON.stringify(document), dispatcher });
  if (answer.statusCode !== 200) throw new Error(`The receiver answered ${answer.statusCode}.`);
  return answer.body.json();
}

async function send(order) {
  await DBOS.runStep(() => check(order), { name: 'check' });
  const document = await DBOS.runStep(() => expression.evaluate(order), { name: 'map' });
  return DBOS.runStep(() => deliver(document), { name: 'send' });
}

async function sendAndWait(order) {
  await send(order);
  const ack = await DBOS.recv('ack', ackSeconds);
  if (ack === null) throw new Error('There was no ack.');
  return ack;
}

const workflows = {
  '/send': DBOS.registerWorkflow(send, { name: 'send' }),
  '/ack': DBOS.registerWorkflow(sendAndWait, { name: 'ack' }),
};

async function answer(path, body) {
  const workflow = workflows[path];
  if (workflow) return (await DBOS.startWorkflow(workflow, { workflowID: body.orderId })(body)).getResult();
  if (path === '/signals') await DBOS.send(body.workflow, body.payload, 'ack');
  return { ok: true };
}

async function handle(incoming, response) {
  const result = incoming.method === 'POST' ? await answer(incoming.url, await json(incoming)) : { ok: true };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
}

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: DATABASE_URL, logLevel: 'error' });
await DBOS.launch();
const server = createServer((incoming, response) => {
  handle(incoming, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
server.listen(Number(PORT), '127.0.0.1');
