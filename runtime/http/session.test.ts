import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ demo: true });
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

describe('the demo session', () => {
  const demo = (headers: Record<string, string> = {}, host = `localhost:${instance.port}`) =>
    post('/api/v1/session/demo', { host, ...headers });

  test('is given on this machine, and opens the demo tenant alone', async () => {
    const { status, headers } = await demo();
    expect(status).toBe(204);
    const [cookie] = String(headers['set-cookie']).split(';') as [string];
    const session = await call('GET', '/session', undefined, { cookie, 'x-api-key': '' });
    expect(session.body).toMatchObject({ tenant: { slug: 'demo' }, user: { name: 'Demo' }, demo: true });
  });

  test.each([
    ['a name that only resolves here', {}, 'evil.example', 404],
    ['a name that looks local', {}, 'localhost.evil.example', 404],
    ['another site', { origin: 'https://evil.example' }, undefined, 403],
    ['another port', { origin: 'http://localhost:1' }, undefined, 403],
    ['a sandboxed page', { origin: 'null' }, undefined, 403],
  ])('is refused to %s', async (_case, headers, host, status) => {
    expect(await demo(headers as Record<string, string>, host)).toMatchObject({ status });
  });

  test('writes only for our own pages', async () => {
    const [cookie] = String((await demo()).headers['set-cookie']).split(';') as [string];
    const host = `localhost:${instance.port}`;
    const write = (headers: Record<string, string>) => post('/api/v1/signals', { host, cookie, ...headers });
    for (const foreign of [
      {},
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `http://${host}` },
    ])
      expect(await write(foreign as Record<string, string>)).toMatchObject({
        status: 403,
        body: { error: { code: 'CROSS_SITE' } },
      });
    for (const own of [{ origin: `http://${host}` }, { 'sec-fetch-site': 'same-origin' }])
      expect((await write(own as Record<string, string>)).status).toBe(415);
  });
});

/** A request with the headers as they are given; `fetch` does not let Host or Origin be chosen. */
function post(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }> {
  return new Promise((resolve, reject) => {
    request({ port: instance.port, host: '127.0.0.1', method: 'POST', path, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode as number, headers: response.headers, body: text && JSON.parse(text) });
    })
      .on('error', reject)
      .end();
  });
}
