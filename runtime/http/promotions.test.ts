import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requisitions } from '../mappings/requisitions.fixture.ts';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  approver = { 'x-api-key': await keyOf('admin') };
  builder = { 'x-api-key': await keyOf('builder') };
  await rule({});
});
afterAll(() => instance?.stop());

let approver: Record<string, string>;
let builder: Record<string, string>;
const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const keyOf = (role: 'admin' | 'builder') =>
  instance.api.auth.keys.create(instance.tenants.acme, { name: role, scope: { role } });
const rule = (rules: object) =>
  call('PUT', '/promotion-rules', { required: false, byAnother: false, tests: 'none', ...rules });

async function save(bundle: ReturnType<typeof orderFlow>): Promise<void> {
  const { id } = bundle.flow;
  const { status, body } = await call('GET', `/flows/${id}`);
  const saved =
    status === 404
      ? await call('POST', '/flows', bundle)
      : await call('PUT', `/flows/${id}`, { revision: body.revision, bundle });
  expect(saved.status, JSON.stringify(saved.body)).toBeLessThan(300);
}
async function deploy(id: string, environment: string, more: object = {}): Promise<void> {
  const deployed = await call('POST', `/flows/${id}/deploy`, { environment, ...more });
  expect(deployed.status, JSON.stringify(deployed.body)).toBe(200);
}
async function plan(flow: string, more: object = {}) {
  const planned = await call('POST', '/promotions', { flow, ...more }, builder);
  expect(misfits('post', '/promotions', planned)).toEqual([]);
  return planned.body;
}
const take = (id: string, step: string, headers = approver) => call('POST', `/promotions/${id}/${step}`, {}, headers);
const approveAndApply = async (id: string) => {
  expect((await take(id, 'approve')).status).toBe(200);
  const applied = await take(id, 'apply');
  expect(misfits('post', '/promotions/:id/apply', applied)).toEqual([]);
  return applied.body;
};
const sentences = (promotion: { parts: { kind: string; name: string; changes: { sentence: string }[] }[] }) =>
  promotion.parts.flatMap(({ kind, name, changes }) => changes.map((one) => `${kind} ${name}: ${one.sentence}`));

const node = (type: string, config: object, more: object = {}) => ({ type, version: 1, config, ...more });
/** Webhook → check → look up → call of another flow; a slot, a parameter, a record type. */
function caller(id: string, changes: { called?: string; unit?: string; table?: string; parameters?: object } = {}) {
  const { called = `${id}-sub`, unit = 'PCE', table = `${id}-units` } = changes;
  const bundle = orderFlow(id, { path: id });
  const more = {
    parameters: changes.parameters ?? { type: 'object', properties: { factor: { type: 'integer', default: 1 } } },
    connections: { erp: { type: 'core/http' } },
    nodes: {
      ...bundle.flow.nodes,
      unit: node('core/map', { expression: `{ "id": id, "unit": $lookup("${table}", "${unit}") }` }),
      tell: node('core/http-request', { method: 'POST', url: '/orders', body: '{% $ %}' }, { connection: 'erp' }),
      go: node('core/call-flow', { flow: called, payload: '{% $ %}' }),
    },
    edges: [
      ...bundle.flow.edges,
      { from: 'check', to: 'unit' },
      { from: 'unit', to: 'go' },
      { from: 'go', to: 'tell' },
    ],
  };
  const records = [{ id: `${id}-stock`, title: 'Stock', schema: { type: 'object' } }];
  return { ...bundle, flow: { ...bundle.flow, ...more }, records } as unknown as ReturnType<typeof orderFlow>;
}
function called(id: string, name = 'Called') {
  const nodes = { begin: node('core/manual', {}), same: node('core/map', { expression: '$' }) };
  const flow = { format: 1, id, name, nodes, edges: [{ from: 'begin', to: 'same' }] };
  return { flow, layout: { nodes: {} }, samples: {}, tests: {}, records: [] } as unknown as ReturnType<
    typeof orderFlow
  >;
}
const table = (name: string, environment: string, entries: Record<string, string>) =>
  call('PUT', `/code-tables/${name}`, { title: name, environment }).then(() =>
    call('POST', `/code-tables/${name}/entries`, {
      environment,
      set: Object.entries(entries).map(([key, value]) => ({ key, value })),
    }),
  );
const connection = async (name: string, environment: string): Promise<string> =>
  (
    await call('POST', '/connections', {
      type: 'core/http',
      name,
      environment,
      config: { baseUrl: 'http://127.0.0.1:9', auth: 'none' },
    })
  ).body.id;

/** All that serves the flow in the sandbox. */
async function prepare(id: string): Promise<{ production: string }> {
  await table(`${id}-units`, 'sandbox', { PCE: 'piece' });
  await save(called(`${id}-sub`));
  await deploy(`${id}-sub`, 'sandbox');
  await save(caller(id));
  await deploy(id, 'sandbox', { connections: { erp: await connection(`${id} tried`, 'sandbox') } });
  return { production: await connection(`${id} real`, 'production') };
}

describe('R-F10 a promotion', () => {
  test('moves a flow with all that it depends on, and is taken back as one', async () => {
    const { production } = await prepare('whole');
    const planned = await plan('whole', { settings: { whole: { connections: { erp: production } } }, note: 'First' });
    expect(planned).toMatchObject({ state: 'planned', plannedBy: 'builder', note: 'First', problems: [], stale: [] });
    expect(planned.parts.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`)).toEqual([
      'code-table whole-units',
      'flow whole',
      'flow whole-sub',
      'record-type whole-stock',
    ]);
    expect(sentences(planned)).toEqual(
      expect.arrayContaining([
        'code-table whole-units: The code table “whole-units” is new.',
        'flow whole: The node “unit” is new.',
        'flow whole: The connection slot “erp” gets "whole real".',
        'record-type whole-stock: The record type “whole-stock” is new.',
      ]),
    );
    expect(await call('POST', '/hooks/acme/whole', { id: 'A', qty: 1 })).toMatchObject({ status: 401 });
    const applied = await approveAndApply(planned.id);
    expect(applied).toMatchObject({ state: 'applied', decidedBy: 'admin', appliedBy: 'admin' });
    expect(await call('POST', '/hooks/acme/whole', { id: 'A', qty: 1 })).toMatchObject({ status: 202 });
    const { body } = await call('GET', '/flows/whole/deployments');
    expect(body.deployments[0]).toMatchObject({ action: 'promote', environment: 'production', note: 'First' });

    const back = await take(planned.id, 'rollback');
    expect(back.body).toMatchObject({ state: 'rolled-back' });
    expect(await call('POST', '/hooks/acme/whole', { id: 'A', qty: 1 })).toMatchObject({ status: 401 });
    const { body: tables } = await call('GET', '/code-tables');
    expect(tables.tables.map(({ name }: { name: string }) => name)).not.toContain('whole-units');
    const trail = (await call('GET', '/audit?limit=200')).body.entries
      .filter(({ target }: { target: string }) => target === `promotions/${planned.id}`)
      .map(({ action, who }: { action: string; who: string }) => `${action} ${who}`);
    expect(trail).toEqual([
      'promotions.apply admin',
      'promotions.apply admin',
      'promotions.approve admin',
      'promotions.plan builder',
    ]);
  });

  test('keeps what production has, and moves only what is different', async () => {
    const { production } = await prepare('kept');
    const settings = { kept: { connections: { erp: production }, parameters: { factor: 5 } } };
    await approveAndApply((await plan('kept', { settings })).id);
    await table('kept-units', 'production', { KGM: 'kilo' });
    await table('kept-units', 'sandbox', { PCE: 'pieces' });
    await save(called('kept-sub', 'Called otherwise'));
    await deploy('kept-sub', 'sandbox');
    const second = await plan('kept');
    expect(sentences(second)).toEqual([
      'code-table kept-units: The code table “kept-units”, at /entries/KGM, is gone: {"value":"kilo"}.',
      'code-table kept-units: The code table “kept-units”, at /entries/PCE/value, changes from "piece" to "pieces".',
      'flow kept-sub: The flow, at /name, changes from "Called" to "Called otherwise".',
    ]);
    const third = await plan('kept', { keep: ['kept-units'] });
    expect(sentences(third)).toEqual([
      'flow kept-sub: The flow, at /name, changes from "Called" to "Called otherwise".',
    ]);
    await approveAndApply(third.id);
    const { body } = await call('GET', '/flows/kept/deployments?environment=production');
    expect(body.deployments).toMatchObject([{ parameters: { factor: 5 }, connections: { erp: production } }]);
    expect((await call('GET', '/code-tables/kept-units/entries')).body.entries).toHaveLength(2);
  });

  test('brings what the tenant lays over a mapping along, and takes it away again', async () => {
    await call('POST', '/flows', requisitions);
    for (const environment of ['sandbox', 'production']) await deploy('requisitions', environment);
    const fields = [{ to: 'note', from: 'remark' }];
    const own = await call('PUT', '/flows/requisitions/mappings/requisition/own', { fields, basedOn: null });
    expect(own.status, JSON.stringify(own.body)).toBe(200);
    const inProduction = async () =>
      (await call('GET', '/flows/requisitions/mappings/requisition?environment=production')).body.own?.fields ?? [];
    const planned = await plan('requisitions');
    expect(planned.parts).toMatchObject([
      { kind: 'mapping-lines', name: 'requisitions/requisition', changes: [{ pointer: '/note', action: 'added' }] },
      { kind: 'flow', changes: [] },
    ]);
    expect(planned.tests).toMatchObject([{ flow: 'requisitions', report: null, unexercised: ['map'] }]);
    await approveAndApply(planned.id);
    expect(await inProduction()).toEqual(fields);
    expect((await take(planned.id, 'rollback')).body.state).toBe('rolled-back');
    expect(await inProduction()).toEqual([]);
  });

  test('names everything that is missing, and is not approved as long as it is', async () => {
    const unset = { type: 'object', required: ['account'], properties: { account: { type: 'string' } } };
    await save(caller('poor', { called: 'nobody', table: 'nothing', parameters: { properties: unset.properties } }));
    await deploy('poor', 'sandbox', { connections: { erp: await connection('poor tried', 'sandbox') } });
    await save(caller('poor', { called: 'nobody', table: 'nothing', parameters: unset }));
    await deploy('poor', 'sandbox', { parameters: { account: 'A' } });
    const planned = await plan('poor', { settings: { poor: { parameters: { account: 7 } } } });
    expect(
      planned.problems.map(({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`),
    ).toEqual([
      'FLOW_NOT_IN_SANDBOX /flow/poor/nodes/go/config/flow',
      'TABLE_NOT_IN_SANDBOX /code-table/nothing',
      expect.stringMatching(/ \/flow\/poor\/parameters\/account$/),
      'CONNECTION_UNBOUND /flow/poor/connections/erp',
    ]);
    expect(await take(planned.id, 'approve')).toMatchObject({
      status: 409,
      body: { error: { code: 'PROMOTION_NOT_READY', problems: planned.problems } },
    });
    expect(await call('POST', '/promotions', { flow: 'poor', settings: { other: {} }, keep: ['x'] })).toMatchObject({
      status: 400,
      body: { error: { code: 'PLAN_INVALID', problems: [{ pointer: '/settings/other' }, { pointer: '/keep' }] } },
    });
    expect((await call('POST', '/promotions', { flow: 'unheard-of' })).status).toBe(404);
  });

  test('is stale as soon as something of it moves, and says what', async () => {
    const { production } = await prepare('moved');
    const settings = { moved: { connections: { erp: production } } };
    const planned = await plan('moved', { settings });
    await take(planned.id, 'approve');
    await table('moved-units', 'sandbox', { PCE: 'other' });
    await save(called('moved-sub', 'Other'));
    await deploy('moved-sub', 'sandbox');
    await deploy('moved-sub', 'production');
    expect(await take(planned.id, 'apply')).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'PROMOTION_STALE',
          problems: [
            { message: 'The code table “moved-units” has changed in sandbox since.' },
            { message: 'The flow “moved-sub” has changed in sandbox since.' },
            { message: 'The flow “moved-sub” has come in production since.' },
          ],
        },
      },
    });
    expect((await call('GET', `/promotions/${planned.id}`)).body.stale).toHaveLength(3);
    expect(await call('POST', '/hooks/acme/moved', { id: 'A', qty: 1 })).toMatchObject({ status: 401 });
  });

  test('is applied once, by whoever comes first, and not taken back over what came later', async () => {
    const { production } = await prepare('once');
    const planned = await plan('once', { settings: { once: { connections: { erp: production } } } });
    expect(await take(planned.id, 'apply')).toMatchObject({
      status: 409,
      body: { error: { code: 'PROMOTION_STATE' } },
    });
    await take(planned.id, 'approve');
    const both = await Promise.all([take(planned.id, 'apply'), take(planned.id, 'apply')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await table('once-units', 'production', { KGM: 'kilo' });
    expect(await take(planned.id, 'rollback')).toMatchObject({
      status: 409,
      body: { error: { code: 'PROMOTION_STALE', problems: [{ pointer: '/code-table/once-units' }] } },
    });
  });

  test('of one part that cannot be placed moves none', async () => {
    const { production } = await prepare('torn');
    const planned = await plan('torn', { settings: { torn: { connections: { erp: production } } } });
    await take(planned.id, 'approve');
    const squatter = orderFlow('squatter', { path: 'torn' });
    await save(squatter);
    await deploy('squatter', 'production');
    expect(await take(planned.id, 'apply')).toMatchObject({ status: 409, body: { error: { code: 'ROUTE_TAKEN' } } });
    const { body } = await call('GET', '/code-tables');
    expect(body.tables.map(({ name }: { name: string }) => name)).not.toContain('torn-units');
    expect((await call('GET', `/promotions/${planned.id}`)).body.state).toBe('approved');
  });
});

describe('R-F10 what a tenant wants of promotions', () => {
  test('somebody else approves, where that is wanted', async () => {
    const { production } = await prepare('eyes');
    await rule({ byAnother: true });
    const settings = { eyes: { connections: { erp: production } } };
    const { body } = await call('POST', '/promotions', { flow: 'eyes', settings }, approver);
    expect(await take(body.id, 'approve')).toMatchObject({ status: 403, body: { error: { code: 'OWN_PROMOTION' } } });
    expect(await take(body.id, 'approve', builder)).toMatchObject({ status: 403 });
    expect((await call('POST', `/promotions/${body.id}/approve`, {})).status).toBe(200);
    expect((await take(body.id, 'reject')).body.state).toBe('rejected');
    await rule({});
  });

  test('nothing comes to production otherwise, where that is wanted; going back stays possible', async () => {
    await save(called('gated'));
    await deploy('gated', 'production');
    await save(called('gated', 'Other'));
    await deploy('gated', 'production');
    await rule({ required: true });
    expect(await call('POST', '/flows/gated/deploy', {})).toMatchObject({
      status: 409,
      body: { error: { code: 'PROMOTION_REQUIRED', message: expect.stringContaining('by promotion alone') } },
    });
    await deploy('gated', 'sandbox');
    expect((await call('POST', '/flows/gated/rollback', {})).status).toBe(200);
    await approveAndApply((await plan('gated')).id);
    await rule({});
  });

  test('the tests of exactly these versions pass and come to what has changed', async () => {
    await rule({ tests: 'exercise' });
    const bundle = called('proven');
    const passing = { name: 'Passes', trigger: { payload: 1 }, expect: { outcome: 'succeeded' } };
    await save({ ...bundle, tests: {} });
    await deploy('proven', 'sandbox');
    const codes = async () => (await plan('proven')).problems.map(({ code }: { code: string }) => code);
    expect(await codes()).toEqual(['TESTS_NOT_RUN']);
    await call('POST', '/flows/proven/tests', { version: 'sandbox' });
    expect(await codes()).toEqual(['TESTS_MISSING']);
    const branch = node('core/branch', { cases: [{ port: 'one', when: '{% $ = 1 %}' }] });
    const nodes = { ...bundle.flow.nodes, branch, other: node('core/map', { expression: '2' }) };
    const edges = [...bundle.flow.edges, { from: 'same', to: 'branch' }, { from: 'branch', port: 'else', to: 'other' }];
    const flow = { ...bundle.flow, nodes, edges };
    await save({ ...bundle, flow, tests: { passing } });
    await deploy('proven', 'sandbox');
    await call('POST', '/flows/proven/tests', { version: 'sandbox' });
    const uncovered = await plan('proven');
    expect(uncovered.problems).toMatchObject([{ code: 'CHANGE_UNTESTED', message: expect.stringContaining('other') }]);
    expect(uncovered.tests).toMatchObject([{ report: { passed: 1, failed: 0 }, unexercised: ['other'] }]);
    expect((await take(uncovered.id, 'approve')).status).toBe(409);
    await save({ ...bundle, flow, tests: { passing, second: { ...passing, trigger: { payload: 2 } } } });
    await deploy('proven', 'sandbox');
    await call('POST', '/flows/proven/tests', { version: 'sandbox' });
    await approveAndApply((await plan('proven')).id);
    await rule({});
  }, 180_000);

  test('what lies over a mapping is tested as it lies there', async () => {
    await rule({ tests: 'exercise' });
    const payload = { requisition_id: 'R-1', vessel_code: 'MV-1', lines: [{ qty: 2 }], remark: 'Urgent' };
    const steps = { map: { output: { data: { note: 'Urgent' } } } };
    const noted = { name: 'Notes the remark', trigger: { payload }, expect: { outcome: 'succeeded', steps } };
    await save({ ...requisitions, tests: { noted } } as never);
    await deploy('requisitions', 'sandbox');
    const planned = async () => (await plan('requisitions')).problems.map(({ code }: { code: string }) => code);
    const tests = async () => (await call('POST', '/flows/requisitions/tests', { version: 'sandbox' })).body;
    const { body } = await call('GET', '/flows/requisitions/mappings/requisition?environment=sandbox');
    const lay = (from: string, basedOn: string) =>
      call('PUT', '/flows/requisitions/mappings/requisition/own', { fields: [{ to: 'note', from }], basedOn });
    const wrong = await lay('remarks', body.own.id);
    expect(await tests()).toMatchObject({ kept: true, passed: 0, failed: 1 });
    expect(await planned()).toEqual(['TESTS_FAILED']);
    await lay('remark', wrong.body.own.id);
    expect(await planned()).toEqual(['TESTS_NOT_RUN']);
    expect(await tests()).toMatchObject({ passed: 1, failed: 0 });
    await approveAndApply((await plan('requisitions')).id);
    await rule({});
  }, 180_000);
});
