import { readJson } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

type Parts = Record<string, never>;

/** An order that goes through a shelf, which is a connection. */
const shopFlow = (id: string) => {
  const bundle = orderFlow(id, { path: id });
  const { nodes, edges } = bundle.flow;
  const put = { type: 'test/take', version: 1, connection: 'shelf', config: {} };
  const flow = { connections: { shelf: { type: 'test/shelf' } }, nodes: { ...nodes, put } };
  return { ...bundle, flow: { ...bundle.flow, ...flow, edges: [...edges, { from: 'check', to: 'put' }] } };
};

async function made(method: string, path: string, body: unknown = {}): Promise<never> {
  const answer = await instance.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as never;
}

async function read(only: readonly string[] = []): Promise<{ text: string; parts: Parts }> {
  const query = only.map((name) => `only=${encodeURIComponent(name)}`).join('&');
  const response = await fetch(`${instance.url}/api/v1/configuration?${query}`, {
    headers: { 'x-api-key': instance.keys.acme },
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { text, parts: (readJson(text) as { parts: Parts }).parts };
}

const bodyOf = (parts: object, more: object = {}) => ({ configuration: { format: 1, parts }, ...more });
const plan = (parts: object, more: object = {}) => instance.call('POST', '/configuration/plan', bodyOf(parts, more));
const push = (parts: object, more: object = {}) => instance.call('POST', '/configuration', bodyOf(parts, more));

/** What is pushed was made of what is there now. */
async function knownOf(parts: object): Promise<Record<string, string[]>> {
  const { conflicts } = (await plan(parts, { prune: true })).body;
  return Object.fromEntries(conflicts.map(({ part, digest }: { part: string; digest: string }) => [part, [digest]]));
}

beforeAll(async () => {
  await made('POST', '/flows', shopFlow('orders'));
  const vault = { name: 'Vault', type: 'test/vault', environment: 'production' };
  await made('POST', '/connections', { ...vault, config: { host: 'shop', password: 'canary-vault' } });
  const shelf = { name: 'Shelf: main', type: 'test/shelf', environment: 'production', config: { folder: 'a' } };
  const { id } = await made('POST', '/connections', shelf);
  await made('POST', '/flows/orders/deploy', { environment: 'production', connections: { shelf: id } });
  await made('PUT', '/code-tables/units', { title: 'Units' });
  const set = [
    { key: 'b', value: 1 },
    { key: 'B', value: { exact: 2 } },
    { key: 'a', value: 'x' },
  ];
  await made('POST', '/code-tables/units/entries', { set });
  await made('POST', '/alert-channels', { name: 'Ops', url: 'https://alerts.example.com/hook' });
  await made('PUT', '/flows/orders/retention', { retention: 'long' });
}, 60_000);

describe('R-X1 the configuration of a tenant', () => {
  test('is one document with everything that is set up', async () => {
    const { parts } = await read();
    expect(Object.keys(parts)).toEqual([
      'alert-channels/Ops',
      'code-tables/production/units',
      'connections/production/Shelf: main',
      'connections/production/Vault',
      'deployments/production/orders',
      'flows/orders',
      'retention/tenant',
    ]);
    expect(parts['connections/production/Vault']).toEqual({
      type: 'test/vault',
      config: { host: 'shop', port: 22 },
      secrets: ['password'],
    });
    expect(parts['deployments/production/orders']).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      parameters: {},
      connections: { shelf: 'Shelf: main' },
    });
    expect(parts['code-tables/production/units']).toEqual({
      title: 'Units',
      entries: [
        { key: 'B', value: { exact: 2 } },
        { key: 'a', value: 'x' },
        { key: 'b', value: 1 },
      ],
    });
    expect(parts['retention/tenant']).toMatchObject({ production: { flows: { orders: 'long' } }, auditDays: null });
    expect(misfits('get', '/configuration', await instance.call('GET', '/configuration'))).toEqual([]);
  });

  test('acceptance 6: read twice is the same bytes, and pushing it changes nothing', async () => {
    const [first, second] = [await read(), await read()];
    expect(second.text).toBe(first.text);
    const answer = await push(first.parts);
    expect(answer).toMatchObject({ status: 200, body: { changes: [], missing: [], conflicts: [], problems: [] } });
    expect(misfits('post', '/configuration', answer)).toEqual([]);
    expect((await instance.call('GET', '/flows/orders')).body.revision).toBe(1);
  });

  test('has no byte of a secret', async () => {
    const { text } = await read();
    expect(text).not.toContain('canary');
    expect(text).not.toContain('whsec');
  });

  test('can be read in part', async () => {
    expect(Object.keys((await read(['flows', 'connections/production'])).parts)).toEqual([
      'connections/production/Shelf: main',
      'connections/production/Vault',
      'flows/orders',
    ]);
    expect(await instance.call('GET', '/configuration?only=floes')).toMatchObject({
      status: 400,
      body: { error: { code: 'SELECTION_UNKNOWN' } },
    });
  });

  test('of another tenant is neither read nor touched', async () => {
    const headers = { 'x-api-key': instance.keys.other };
    const theirs = await instance.call('GET', '/configuration', undefined, headers);
    expect(Object.keys(theirs.body.parts)).toEqual(['retention/tenant']);
    const before = await read();
    const tables = { 'code-tables/production/units': { title: 'Mine', entries: [] } };
    const pushed = await instance.call('POST', '/configuration', bodyOf(tables), headers);
    expect(pushed.body.changes).toEqual([{ part: 'code-tables/production/units', action: 'added', sentences: [] }]);
    expect((await read()).text).toBe(before.text);
  });
});

describe('R-X1 a push', () => {
  test('that is planned changes nothing, and tells in sentences what it would', async () => {
    const { text, parts } = await read();
    const units = { title: 'Units', entries: [{ key: 'a', value: 'y' }] };
    const changed = { ...parts, 'code-tables/production/units': units };
    const answer = await plan(changed, { known: await knownOf(changed) });
    expect(answer.body).toMatchObject({
      changes: [
        {
          part: 'code-tables/production/units',
          action: 'changed',
          sentences: [
            '“entries / B” is gone: {"key":"B","value":{"exact":2}}.',
            '“entries / a / value” changes from "x" to "y".',
            '“entries / b” is gone: {"key":"b","value":1}.',
          ],
        },
      ],
      conflicts: [],
      problems: [],
    });
    expect(misfits('post', '/configuration/plan', answer)).toEqual([]);
    expect((await read()).text).toBe(text);
  });

  test('is all or nothing, with every problem and its place', async () => {
    const { text, parts } = await read();
    const broken = orderFlow('broken', { path: 'broken' });
    const pushed = {
      ...parts,
      'flows/good': orderFlow('good', { path: 'good' }),
      'flows/broken': { ...broken, flow: { ...broken.flow, edges: [{ from: 'approved', to: 'nowhere' }] } },
      'code-tables/production/wrong': { title: 'Wrong', entries: [{ key: 'a', value: 1, validFrom: '2026-02-31' }] },
      'connections/production/new': { type: 'test/vault', config: { host: 'h' }, secrets: ['password'] },
      'connections/production/open': { type: 'test/vault', config: { host: 'h', password: 'canary' }, secrets: [] },
      'deployments/sandbox/good': { version: 'f'.repeat(64), parameters: {}, connections: {} },
      'nothing/known': {},
    };
    const { 'nothing/known': _, ...readable } = pushed;
    expect((await push(pushed)).body.error.problems).toEqual([
      { code: 'PART_UNKNOWN', pointer: '/parts/nothing~1known', message: expect.any(String) },
    ]);
    const answer = await push(readable);
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'CONFIGURATION_INVALID' } } });
    const found = answer.body.error.problems.map(({ code, pointer }: never) => `${code} ${pointer}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'CODE_ENTRY_INVALID /parts/code-tables~1production~1wrong/entries/0',
        'CONNECTION_SECRET_NEEDED /parts/connections~1production~1new/secrets',
        'SECRET_IN_CONFIGURATION /parts/connections~1production~1open/config/password',
        expect.stringMatching(/^EDGE\S* \/parts\/flows~1broken\/flow\/edges\/0/),
        'VERSION_UNKNOWN /parts/deployments~1sandbox~1good/version',
      ]),
    );
    expect(JSON.stringify(answer.body)).not.toContain('canary');
    expect((await read()).text).toBe(text);
  });

  test('of what somebody has changed meanwhile is a conflict that says who and when', async () => {
    const { parts } = await read();
    const known = await knownOf({});
    await made('PUT', '/flows/orders', { revision: 1, bundle: { ...shopFlow('orders'), samples: {} } });
    const mine = { ...parts, 'flows/orders': { ...shopFlow('orders'), layout: { nodes: {} } } };
    const answer = await push(mine, { known });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'CONFIGURATION_CONFLICT' } } });
    expect(answer.body.error.problems).toEqual([
      {
        code: 'PART_CHANGED',
        pointer: '/parts/flows~1orders',
        message: expect.stringMatching(/^test has changed “flows\/orders” at 20\d\d-/),
      },
    ]);
    expect(await push(mine, { known: await knownOf(mine) })).toMatchObject({
      status: 200,
      body: { changes: [{ part: 'flows/orders', action: 'changed' }] },
    });
    expect((await instance.call('GET', '/audit?limit=1')).body.entries[0]).toMatchObject({
      action: 'configuration.push',
      target: 'configuration',
      after: { changes: [{ part: 'flows/orders', action: 'changed' }] },
    });
  });

  test('lets another version serve only where it is asked to deploy', async () => {
    const { parts } = await read();
    const renamed = { ...shopFlow('orders'), flow: { ...shopFlow('orders').flow, name: 'Renamed' } };
    const changed = { ...parts, 'flows/orders': renamed };
    await push(changed, { known: await knownOf(changed) });
    const served = async () => (await instance.call('GET', '/flows/orders')).body;
    expect(await served()).toMatchObject({ changedSinceDeploy: true });
    const { body } = await push(changed, { deploy: 'production' });
    expect(body.changes).toMatchObject([{ part: 'deployments/production/orders', action: 'changed' }]);
    expect(await served()).toMatchObject({ changedSinceDeploy: false });
    // What the folder says of the version is over, and takes nothing back.
    expect((await push(changed)).body).toMatchObject({ changes: [], conflicts: [] });
  });

  test('takes away only when it prunes, and nothing that is in use', async () => {
    await made('POST', '/flows', orderFlow('spare', { path: 'spare' }));
    const parts = { ...(await read()).parts } as Record<string, unknown>;
    delete parts['flows/spare'];
    delete parts['code-tables/production/units'];
    expect((await push(parts)).body).toMatchObject({
      changes: [],
      missing: ['code-tables/production/units', 'flows/spare'],
    });
    const unseen = await push(parts, { prune: true });
    expect(unseen).toMatchObject({ status: 409, body: { error: { code: 'CONFIGURATION_CONFLICT' } } });
    const used = { ...parts };
    delete used['flows/orders'];
    delete used['connections/production/Shelf: main'];
    const refused = await push(used, { prune: true, known: await knownOf(used) });
    expect(refused.body.error.problems).toMatchObject([
      { code: 'FLOW_IN_USE', message: 'It is deployed in production.' },
      { code: 'CONNECTION_IN_USE' },
    ]);
    const pruned = await push(parts, { prune: true, known: await knownOf(parts) });
    expect(pruned.body.changes).toMatchObject([
      { part: 'flows/spare', action: 'removed' },
      { part: 'code-tables/production/units', action: 'removed' },
    ]);
    expect(await instance.call('GET', '/flows/spare')).toMatchObject({ status: 404 });
  });

  test('needs the right for each thing that it changes', async () => {
    const key = await instance.api.auth.keys.create(instance.tenants.acme, {
      name: 'ci',
      scope: { actions: ['configuration.read', 'configuration.plan', 'configuration.push', 'flows.edit'] },
    });
    const parts = {
      'flows/mine': orderFlow('mine', { path: 'mine' }),
      'code-tables/production/mine': { title: 'Mine', entries: [] },
    };
    const answer = await instance.call('POST', '/configuration', bodyOf(parts), { 'x-api-key': key });
    expect(answer.body.error.problems).toMatchObject([
      { code: 'ACTION_NOT_ALLOWED', pointer: '/parts/code-tables~1production~1mine' },
    ]);
    expect(await instance.call('GET', '/flows/mine')).toMatchObject({ status: 404 });
  });
});
