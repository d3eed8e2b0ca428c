import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });

describe('another tenant', () => {
  test('sees nothing of it, whatever the route', async () => {
    await call('POST', '/flows', orderFlow('private', { path: 'private' }));
    await call('POST', '/flows/private/deploy', {});
    const { runId } = (await call('POST', '/hooks/acme/private', { id: 'S', qty: 1 })).body;
    const connection = await call('POST', '/connections', {
      name: 'private',
      type: 'test/vault',
      config: { host: 'h', password: 'p' },
    });
    const bundle = orderFlow('private', { path: 'private' });
    for (const [method, path, body] of [
      ['GET', '/flows/private'],
      ['PUT', '/flows/private', { revision: 1, bundle }],
      ['GET', '/flows/private/export'],
      ['POST', '/flows/private/deploy', {}],
      ['GET', `/runs/${runId}`],
      ['POST', `/runs/${runId}/cancel`],
      ['PUT', `/connections/${connection.body.id}`, { config: { host: 'x', password: 'y' } }],
      ['POST', `/connections/${connection.body.id}/test`],
    ] as const)
      expect(await call(method, path, body, asOther()), path).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      });
    const lists = await Promise.all(
      ['/flows', '/runs', '/connections', '/signals', '/alerts'].map((path) => call('GET', path, undefined, asOther())),
    );
    expect(JSON.stringify(lists.map(({ body }) => body))).not.toContain('private');
  });
});
