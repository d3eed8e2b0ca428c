import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });

describe('a flow', () => {
  test('is imported, read, changed, deployed, run and exported', async () => {
    const bundle = orderFlow('life', { path: 'life' });
    const imported = await call('POST', '/flows', bundle);
    expect(misfits('post', '/flows', imported)).toEqual([]);
    expect(imported.body).toMatchObject({ revision: 1, problems: [], deployed: null, changedSinceDeploy: false });
    expect(imported.body.hookUrls).toEqual([
      { node: 'approved', method: 'POST', url: `${instance.url}/hooks/acme/life` },
    ]);
    expect(await call('POST', '/flows', bundle)).toMatchObject({
      status: 409,
      body: { error: { code: 'FLOW_EXISTS' } },
    });

    const deployed = await call('POST', '/flows/life/deploy', {});
    expect(misfits('post', '/flows/:id/deploy', deployed)).toEqual([]);

    const changed = { ...bundle, flow: { ...bundle.flow, name: 'Renamed' } };
    const saved = await call('PUT', '/flows/life', { revision: 1, bundle: changed });
    expect(misfits('put', '/flows/:id', saved)).toEqual([]);
    expect(saved.body).toMatchObject({
      revision: 2,
      changedSinceDeploy: true,
      deployed: { version: deployed.body.version },
    });
    const late = await call('PUT', '/flows/life', { revision: 1, bundle });
    expect(late).toMatchObject({
      status: 409,
      body: { error: { code: 'REVISION_CONFLICT', details: { revision: 2 } } },
    });

    const ran = await call('POST', '/flows/life/run', { payload: { id: 'A', qty: 1 } });
    expect(misfits('post', '/flows/:id/run', ran)).toEqual([]);
    const exported = await call('GET', '/flows/life/export');
    expect(misfits('get', '/flows/:id/export', exported)).toEqual([]);
    expect(exported.body).toEqual(changed);

    const list = await call('GET', '/flows');
    expect(misfits('get', '/flows', list)).toEqual([]);
    expect(list.body.flows).toContainEqual(
      expect.objectContaining({ id: 'life', name: 'Renamed', changedSinceDeploy: true }),
    );
    const detail = await call('GET', '/flows/life');
    expect(misfits('get', '/flows/:id', detail)).toEqual([]);
    expect(detail.body.bundle).toEqual(changed);
  });

  test('tells of itself whether it is paused', async () => {
    await call('POST', '/flows', orderFlow('held', { path: 'held' }));
    await call('POST', '/flows/held/deploy', {});
    expect((await call('GET', '/flows/held')).body.deployed).toMatchObject({ paused: false });
    await call('POST', '/flows/held/pause');
    expect((await call('GET', '/flows/held')).body.deployed).toMatchObject({ paused: true });
    const { flows } = (await call('GET', '/flows')).body;
    expect(flows).toContainEqual(
      expect.objectContaining({ id: 'held', deployed: expect.objectContaining({ paused: true }) }),
    );
  });

  test('R-E6 an import is planned: everything that is wrong at once, what would change, and nothing is written', async () => {
    const plan = async (bundle: unknown) => {
      const planned = await call('POST', '/flows/plan', { bundle });
      expect(misfits('post', '/flows/plan', planned)).toEqual([]);
      return planned.body;
    };
    const bundle = orderFlow('planned', { path: 'planned' });
    expect(await plan(bundle)).toEqual({ id: 'planned', revision: null, problems: [], changes: [] });
    const wrong = {
      ...bundle,
      note: 'not of a bundle',
      flow: { ...bundle.flow, edges: [...bundle.flow.edges, { from: 'check', to: 'nowhere' }] },
    };
    const { problems } = await plan(wrong);
    expect(problems.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(['', '/flow/edges/1/to']),
    );
    expect((await call('GET', '/flows/planned')).status).toBe(404);
    expect(await plan(7)).toMatchObject({ id: null, revision: null, problems: [{ pointer: '' }] });

    await call('POST', '/flows', bundle);
    const renamed = { ...bundle, flow: { ...bundle.flow, name: 'Renamed' } };
    expect(await plan(renamed)).toMatchObject({ revision: 1, changes: [{ kind: 'flow', field: '/name' }] });
    expect((await call('GET', '/flows/planned')).body.bundle.flow.name).toBe(bundle.flow.name);
  });

  test('with problems is saved, and not deployed', async () => {
    const bundle = orderFlow('broken', { path: 'broken' });
    const dangling = {
      ...bundle,
      flow: { ...bundle.flow, edges: [...bundle.flow.edges, { from: 'check', to: 'nowhere' }] },
    };
    const imported = await call('POST', '/flows', dangling);
    expect(imported).toMatchObject({ status: 201, body: { problems: [{ pointer: '/edges/1/to' }] } });
    const refused = await call('POST', '/flows/broken/deploy', {});
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'FLOW_INVALID', problems: [{ pointer: '/edges/1/to' }] } },
    });
    const checked = await call('POST', '/flows/broken/validate', { flow: bundle.flow });
    expect(misfits('post', '/flows/:id/validate', checked)).toEqual([]);
    expect(checked.body).toEqual({ problems: [] });
  });

  test('with a schema that is none is saved, and not deployed', async () => {
    const bundle = orderFlow('unschooled', { path: 'unschooled' });
    bundle.flow.nodes.check.config.schema.type = 'text';
    const problems = [{ code: 'SCHEMA_INVALID', pointer: '/nodes/check/config/schema/type' }];
    expect(await call('POST', '/flows', bundle)).toMatchObject({ status: 201, body: { problems } });
    expect(await call('POST', '/flows/unschooled/validate', { flow: bundle.flow })).toMatchObject({
      body: { problems },
    });
    expect(await call('POST', '/flows/unschooled/deploy', {})).toMatchObject({
      status: 422,
      body: { error: { code: 'FLOW_INVALID', problems } },
    });
  });

  test('with warnings is saved and deployed, with errors of its mapping only saved', async () => {
    const mapping = (id: string, from: string, target: object) => {
      const bundle = orderFlow(id, { path: id });
      const map = { type: 'core/map', version: 1, config: { fields: [{ to: 'no', from }], target } };
      const nodes = { ...bundle.flow.nodes, map };
      return {
        ...bundle,
        flow: { ...bundle.flow, nodes, edges: [...bundle.flow.edges, { from: 'check', to: 'map' }] },
      };
    };
    const pointer = '/nodes/map/config/fields/0/from';
    const doubtful = await call('POST', '/flows', mapping('doubtful', 'number', {}));
    expect(doubtful.body.problems).toMatchObject([{ code: 'SOURCE_UNKNOWN', pointer, severity: 'warning' }]);
    expect(misfits('post', '/flows', doubtful)).toEqual([]);
    expect((await call('POST', '/flows/doubtful/deploy', {})).status).toBe(200);

    const wrong = mapping('wrong', 'qty & number', { properties: { no: { type: 'number' } } });
    const saved = await call('POST', '/flows', wrong);
    expect(saved.body.problems.map(({ code }: { code: string }) => code)).toEqual(['SOURCE_UNKNOWN', 'TARGET_TYPE']);
    expect(await call('POST', '/flows/wrong/deploy', {})).toMatchObject({
      status: 422,
      body: { error: { code: 'FLOW_INVALID', pointer, problems: [{ code: 'TARGET_TYPE', pointer }] } },
    });
  });

  test('that is wrong in every way is kept all the same', async () => {
    const nodes = {
      a: null,
      b: { type: 'core/webhook' },
      c: { type: 'core/webhook', config: { path: 5 } },
      d: [],
      e: 'x',
    };
    const flow = { id: 'odd', name: 'Odd', nodes, edges: [null, {}, 7], connections: 'none' };
    const { status, body } = await call('POST', '/flows', { flow });
    expect(status).toBe(201);
    expect(body.problems.length).toBeGreaterThan(4);
    expect(body.hookUrls).toEqual([]);
    expect((await call('POST', '/flows/odd/deploy', {})).status).toBe(422);
  });

  test('cannot take the webhook address of another flow, nor the same twice', async () => {
    await call('POST', '/flows', orderFlow('first', { path: 'mine' }));
    await call('POST', '/flows', orderFlow('second', { path: 'mine' }));
    expect(await call('POST', '/flows/first/deploy', {})).toMatchObject({ status: 200 });
    expect(await call('POST', '/flows/first/deploy', {})).toMatchObject({ status: 200 });
    const refused = await call('POST', '/flows/second/deploy', {});
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { code: 'ROUTE_TAKEN', pointer: '/nodes/approved/config/path' } },
    });
    const mine = await call('POST', '/flows', orderFlow('second', { path: 'mine' }), asOther());
    expect(mine.status).toBe(201);
    expect(await call('POST', '/flows/second/deploy', {}, asOther())).toMatchObject({ status: 200 });
  });

  test('is deployed with parameters that fit, or not at all', async () => {
    const bundle = orderFlow('tuned', { path: 'tuned' });
    const parameters = {
      type: 'object',
      properties: { days: { type: 'integer', default: 3 } },
      additionalProperties: false,
    };
    await call('POST', '/flows', { ...bundle, flow: { ...bundle.flow, parameters } });
    const refused = await call('POST', '/flows/tuned/deploy', { parameters: { days: 'many' } });
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'PARAMETERS_INVALID', problems: [{ pointer: '/days' }] } },
    });
    expect(await call('POST', '/flows/tuned/deploy', { parameters: { days: 5 } })).toMatchObject({ status: 200 });
  });

  test('is deployed when every connection fits; an unbound one gets the default of its type', async () => {
    const bundle = orderFlow('bound', { path: 'bound' });
    const take = { type: 'test/take', version: 1, connection: 'shelf', config: {} };
    const flow = {
      ...bundle.flow,
      connections: { shelf: { type: 'test/shelf' } },
      nodes: { ...bundle.flow.nodes, take },
      edges: [...bundle.flow.edges, { from: 'check', to: 'take' }],
    };
    expect(await call('POST', '/flows', { ...bundle, flow })).toMatchObject({ body: { problems: [] } });
    const vault = await call('POST', '/connections', {
      name: 'v',
      type: 'test/vault',
      config: { host: 'a', password: 'x' },
    });
    const wrong = await call('POST', '/flows/bound/deploy', { connections: { shelf: vault.body.id } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { error: { code: 'CONNECTION_MISFIT', pointer: '/connections/shelf' } },
    });
    expect(await call('POST', '/flows/bound/deploy', {})).toMatchObject({ status: 200 });
    const { body } = await call('GET', '/connections');
    expect(body.connections).toContainEqual(
      expect.objectContaining({
        name: 'default:test/shelf',
        usedBy: [{ flow: 'bound', slot: expect.any(String), environment: 'production' }],
      }),
    );
  });

  test('whose record types another deployed flow has otherwise is deployed, and whoever does it is told', async () => {
    const stock = { id: 'stock', title: 'Stock', schema: { type: 'object', required: ['sku'] } };
    const levels = (id: string, type: object) => ({ ...orderFlow(id, { path: id }), records: [type] });
    const looser = { ...stock, schema: { type: 'object' } };
    const warning = { code: 'RECORD_TYPE_SHARED', pointer: '/records/0', severity: 'warning' };
    await call('POST', '/flows', levels('levels', stock));
    expect((await call('POST', '/flows', levels('sweeper', looser))).body.problems).toEqual([]);
    await call('POST', '/flows/levels/deploy', {});
    expect((await call('GET', '/flows/sweeper')).body.problems).toMatchObject([
      { ...warning, message: expect.stringContaining('“levels”') },
    ]);
    const deployed = await call('POST', '/flows/sweeper/deploy', {});
    expect(deployed).toMatchObject({ status: 200, body: { warnings: [warning] } });
    expect(misfits('post', '/flows/:id/deploy', deployed)).toEqual([]);
    const { revision } = (await call('GET', '/flows/sweeper')).body;
    const same = await call('PUT', '/flows/sweeper', { revision, bundle: levels('sweeper', stock) });
    expect(same.body.problems).toEqual([]);
    expect((await call('GET', '/flows/sweeper', undefined, asOther())).status).toBe(404);
  });

  test('that is not deployed cannot be run', async () => {
    await call('POST', '/flows', orderFlow('idle', { path: 'idle' }));
    expect(await call('POST', '/flows/idle/run', { payload: {} })).toMatchObject({
      status: 409,
      body: { error: { code: 'FLOW_NOT_DEPLOYED' } },
    });
  });
});
