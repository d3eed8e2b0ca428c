import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../auth/plans.ts';
import { requisitions } from '../mappings/requisitions.fixture.ts';
import { ownerOf } from './every-route.fixture.ts';
import { type Answer, type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let asOwner: Record<string, string>;
beforeAll(async () => {
  instance = await startInstance();
  asOwner = await ownerOf(instance);
  await instance.call('POST', '/flows', { ...requisitions, tests: { mapped } });
  await instance.call('POST', '/flows/requisitions/deploy', { environment: 'sandbox' });
});
afterAll(() => instance?.stop());

const mapped = {
  name: 'Mapped',
  trigger: { payload: { version: '2.3', vessel_code: '7', requisition_id: 'R', lines: [] } },
};
const mappings = '/flows/requisitions/mappings';
const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
/** The owner's session alone says who asks. */
const asked = async (tenant: string, plan: string): Promise<Answer> => {
  const headers = { ...asOwner, 'content-type': 'application/json' };
  const url = `${instance.url}/api/v1/tenants/${tenant}/plan`;
  const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ plan }) });
  return { status: answer.status, body: await answer.json(), headers: answer.headers, logged: [] };
};
const planned = (plan: Plan) => asked('acme', plan);
const own = async () => {
  const { body } = await call('GET', `${mappings}/requisition/history?environment=sandbox`);
  return (body.history ?? []) as readonly { readonly id: string; readonly fields: readonly object[] }[];
};
const lay = async (...fields: object[]) =>
  call('PUT', `${mappings}/requisition/own`, { fields, basedOn: (await own())[0]?.id ?? null });
const tested = () => call('POST', '/flows/requisitions/tests', { version: 'sandbox' });
const goBack = async () =>
  call('POST', `${mappings}/requisition/rollback`, { environment: 'sandbox', to: (await own())[0]?.id });

const hazard = { to: 'hazard', from: 'un' };
const vessel = { to: 'vessel', from: '"MV-" & vessel_code' };
const refusal = ({ status, body }: Answer) => [status, body.error?.code, body.error?.details?.plan];
const needs = (plan: Plan) => [403, 'PLAN_NEEDED', plan];

describe('R-F12 the plan of a tenant', () => {
  test('is the open one at first, which has everything: a field, a transformation, its test, and back', async () => {
    expect((await call('GET', '/session')).body.tenant).toMatchObject({ plan: 'open', beyondPlan: {} });
    for (const answer of [await lay(hazard, vessel), await tested(), await goBack()]) expect(answer.status).toBe(200);
  });

  test('is set by the owner of the instance alone, told to the tenant, and in its audit', async () => {
    const path = '/tenants/acme/plan';
    expect((await call('PUT', path, { plan: 'open' })).body.error.code).toBe('ACTION_NOT_ALLOWED');
    const set = await planned('enterprise');
    expect(misfits('put', '/tenants/:slug/plan', set)).toEqual([]);
    expect(set.body).toMatchObject({ slug: 'acme', plan: 'enterprise' });
    const { tenant, actions } = (await call('GET', '/session')).body;
    expect(tenant).toMatchObject({ plan: 'enterprise', beyondPlan: { 'mappings.transform': 'enterprise-pro' } });
    expect(actions).toContain('mappings.edit');
    expect(actions).not.toContain('mappings.transform');
    const [entry] = (await call('GET', '/audit?action=tenants.limit')).body.entries;
    expect(entry).toMatchObject({ before: { plan: 'open' }, after: { plan: 'enterprise' } });
    expect((await asked('nobody', 'open')).status).toBe(404);
    expect((await asked('acme', 'free')).status).toBe(400);
  });

  test('Enterprise has viewing, adding and taking away a field, testing and going back', async () => {
    await planned('enterprise');
    const another = { to: 'lines', fields: [{ to: 'unit', from: 'uom' }] };
    const answers = [
      await call('GET', `${mappings}?environment=sandbox`),
      await call('GET', `${mappings}/requisition?environment=sandbox`),
      await lay(hazard, vessel, another),
      await lay(vessel, another),
      await tested(),
      await goBack(),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test.each([
    ['another source of a field of the mapping', [{ to: 'externalRef', from: 'id' }, vessel]],
    ['another source of a field of its own', [{ ...vessel, from: 'vessel_code' }]],
    ['a default for an item of a list', [vessel, { to: 'lines', fields: [{ to: 'quantity', default: 1 }] }]],
    ['the mapping’s own source again', []],
  ])('Enterprise Pro has %s, and Enterprise is refused it with the plan named', async (_, fields) => {
    await planned('open');
    await lay(vessel);
    await planned('enterprise');
    const refused = await lay(...fields);
    expect(refusal(refused)).toEqual(needs('enterprise-pro'));
    expect(refused.body.error.message).toBe(
      '“mappings.transform” needs the plan Enterprise Pro; this tenant has Enterprise.',
    );
    const parts = { 'mapping-lines/sandbox/requisitions/requisition': { fields: [{ ...vessel, from: '"x"' }] } };
    const pushed = await call('POST', '/configuration/plan', { configuration: { format: 1, parts } });
    expect(pushed.body.problems).toContainEqual(expect.objectContaining({ code: 'PLAN_NEEDED' }));
    await planned('enterprise-pro');
    expect((await lay(...fields)).status).toBe(200);
  });

  test('a smaller one is refused each of it with the plan named; what was laid over works on', async () => {
    await planned('open');
    await lay(vessel);
    const to = (await own())[0]?.id ?? null;
    await planned('standard');
    const answers = [
      await call('GET', `${mappings}/requisition?environment=sandbox`),
      await call('PUT', `${mappings}/requisition/own`, { fields: [vessel, hazard], basedOn: to }),
      await tested(),
      await call('POST', `${mappings}/requisition/rollback`, { environment: 'sandbox', to }),
    ];
    expect(answers.map(refusal)).toEqual(answers.map(() => needs('enterprise')));
    expect((await call('POST', '/flows/requisitions/tests', { version: '1' })).status).toBe(200);
    const sent = { payload: { version: '2.3', vessel_code: '7', requisition_id: 'R', lines: [] } };
    const { runId } = (await call('POST', '/flows/requisitions/run', { environment: 'sandbox', ...sent })).body;
    await instance.api.engine.settle();
    expect(JSON.stringify((await call('GET', `/runs/${runId}`)).body)).toContain('MV-7');
  });
});
