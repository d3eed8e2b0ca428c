import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Instance, startInstance } from './test-instance.fixture.ts';
import { createSecret, deployWebhook, sendTo } from './webhook-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const secret = 'ordinary words/no key';

/** A system that answers with all it was sent, by the status that its address ends with; a test of it is well. */
async function careless(): Promise<string> {
  const server = createServer(({ url = '', headers }, response) => {
    response.writeHead(Number(url.slice(-3)) || 200, { 'content-type': 'application/json', 'x-seen': url });
    response.end(JSON.stringify({ headers, [`${headers['x-key']}`]: true }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test.each([
  { auth: 'header', name: 'X-Key', key: secret },
  { auth: 'basic', username: 'u', password: secret },
])('93 a system that repeats how we logged in by $auth gets it into no history and no log', async (login) => {
  const type = 'core/http';
  const config = { baseUrl: await careless(), ...login };
  const { body } = await instance.call('POST', '/connections', { name: login.auth, type, config });
  const node = { type: 'core/http-request', version: 1, connection: 'erp' };
  const flow = {
    format: 1,
    id: `ask-${login.auth}`,
    name: 'Ask',
    connections: { erp: { type } },
    nodes: {
      start: { type: 'core/manual', version: 1, config: {} },
      well: { ...node, config: { url: 'well/200' } },
      refused: { ...node, config: { url: 'refused/422' } },
    },
    edges: [
      { from: 'start', to: 'well' },
      { from: 'well', to: 'refused' },
    ],
  };
  await instance.call('POST', '/flows', { flow });
  await instance.call('POST', `/flows/${flow.id}/deploy`, { connections: { erp: body.id } });
  const started = await instance.call('POST', `/flows/${flow.id}/run`, { payload: {} });
  await instance.api.engine.settle();
  const run = await instance.call('GET', `/runs/${started.body.runId}`);
  expect(run.body).toMatchObject({ status: 'failed', error: { code: 'HTTP_422' } });
  const shown = JSON.stringify([run.body, instance.logged]);
  expect(shown).toContain('[hidden]');
  for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(`u:${secret}`).toString('base64')])
    expect(shown).not.toContain(spelling);
});

test('93 a sender that shows its secret wherever it can gets it into no run', async () => {
  const sender = await createSecret(instance, 'sender', { current: secret });
  const config = { path: 'shown', signature: { scheme: 'header', header: 'X-Key' }, answer: 'accepted' };
  await deployWebhook(instance, 'shown', { config, secret: sender });
  const json = { 'content-type': 'application/json', 'X-Key': secret, 'X-Other': `key ${secret}` };
  const path = `shown?key=${encodeURIComponent(secret)}`;
  const answer = await sendTo(instance, path, JSON.stringify({ key: secret }), json);
  expect(answer.status).toBe(202);
  await instance.api.engine.settle();
  const run = await instance.call('GET', `/runs/${answer.body.runId}`);
  expect(JSON.stringify(run.body)).toContain('key [hidden]');
  expect(JSON.stringify(run.body)).not.toContain(secret);
});
