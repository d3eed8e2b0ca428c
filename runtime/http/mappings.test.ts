import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requisition, requisitionFlow, requisitions } from '../mappings/requisitions.fixture.ts';
import { type Answer, type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await instance.call('POST', '/flows', requisitions);
  for (const environment of ['sandbox', 'production'])
    expect((await instance.call('POST', '/flows/requisitions/deploy', { environment })).status).toBe(200);
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

/** What the flow makes of a requisition, or why it fails. */
async function mapped(requisition: object, hooks = '/hooks'): Promise<Answer['body']> {
  const answer = await fetch(`${instance.url}${hooks}/acme/requisitions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requisition_id: 'R-1', lines: [{ qty: 2 }], ...requisition }),
  });
  const { runId } = (await answer.json()) as { runId: string };
  await instance.api.engine.settle();
  const { body } = await call('GET', `/runs/${runId}`);
  return body.status === 'succeeded'
    ? body.steps.find(({ node }: { node: string }) => node === 'map').output
    : body.error;
}

const layOver = (fields: readonly object[], basedOn: string | null) =>
  call('PUT', '/flows/requisitions/mappings/requisition/own', { fields, basedOn, note: 'Tried' });
const shown = (environment = 'sandbox') =>
  call('GET', `/flows/requisitions/mappings/requisition?environment=${environment}`);
const present = async () => (await shown()).body.own?.id ?? null;

describe('a mapping in layers', () => {
  test('R-F7 maps by the version that is asked for, or the latest active one', async () => {
    expect(await mapped({ version: '2.3', vessel_code: 'MV-1' })).toEqual({
      version: '2.3',
      status: 'ACTIVE',
      data: { externalRef: 'R-1', vessel: 'MV-1', lines: [{ quantity: 2 }] },
    });
    expect(await mapped({ vessel_code: 'MV-1' })).toMatchObject({ version: '2.3' });
  });

  test('R-F7 an older version serves with a warning, one that there is not by the nearest below it', async () => {
    expect(await mapped({ version: '2.1', vessel: 'MV-1' })).toMatchObject({
      data: { vessel: 'MV-1' },
      warning: 'Version 2.1 is deprecated and ends on 2999-12-31.',
    });
    expect(await mapped({ version: '2.9', vessel_code: 'MV-1' })).toMatchObject({
      version: '2.3',
      warning: 'Version 2.9 is not supported; 2.3 serves instead.',
    });
  });

  test('R-F7 a version of another line is refused with those that there are', async () => {
    expect(await mapped({ version: '3.0', vessel_code: 'MV-1' })).toMatchObject({
      code: 'MAPPING_VERSION_UNSUPPORTED',
      details: { asked: '3.0', supported: ['2.3', '2.1'] },
    });
  });

  test('R-F6 is shown with every layer and what they make together', async () => {
    const answer = await shown('production');
    expect(misfits('get', '/flows/:id/mappings/:name', answer)).toEqual([]);
    expect(answer.body).toMatchObject({ core: requisition.core, own: null });
    expect(answer.body.versions[1].effective.map(({ to }: { to: string }) => to)).toEqual([
      'externalRef',
      'lines',
      'vessel',
    ]);
    const listed = await call('GET', '/flows/requisitions/mappings');
    expect(misfits('get', '/flows/:id/mappings', listed)).toEqual([]);
    expect(listed.body.mappings).toMatchObject([
      { name: 'requisition', versions: [{ version: '2.1' }, { version: '2.3' }] },
    ]);
  });
});

describe("R-F10 a tenant's own lines", () => {
  test('serve in the sandbox at once, with the address to try them at, and not in production', async () => {
    const laid = await layOver(
      [
        { to: 'vessel', from: '"MV-" & vessel_code' },
        { to: 'hazard', from: 'un' },
      ],
      null,
    );
    expect(misfits('put', '/flows/:id/mappings/:name/own', laid)).toEqual([]);
    expect(laid.body.testUrls).toEqual([
      { node: 'arrived', method: 'POST', url: `${instance.url}/sandbox/hooks/acme/requisitions` },
    ]);
    const sent = { version: '2.3', vessel_code: '7', un: 'UN1203' };
    expect(await mapped(sent, '/sandbox/hooks')).toMatchObject({ data: { vessel: 'MV-7', hazard: 'UN1203' } });
    expect((await mapped(sent)).data).toEqual({ externalRef: 'R-1', vessel: '7', lines: [{ quantity: 2 }] });
  });

  test('of somebody who has not seen the latest are refused with what is in force', async () => {
    const { status, body } = await layOver([], null);
    expect([status, body.error]).toMatchObject([
      409,
      { code: 'REVISION_CONFLICT', details: { override: await present() } },
    ]);
  });

  test.each([
    ['a line that is none', { too: 'vessel' }, 'MAPPING_LINES_INVALID', '/fields/0/too'],
    ['an expression that does not parse', { to: 'hazard', from: 'un +' }, 'EXPRESSION_PARSE', '/fields/0'],
    ['what the target does not take', { to: 'hazard', from: '7' }, 'TARGET_TYPE', '/fields/0'],
    ['a look at the flow', { to: 'hazard', from: '$steps.arrived.un' }, 'MAPPING_READS_FLOW', '/fields/0'],
    ['a required line made optional', { to: 'vessel', required: false }, 'MAPPING_LINE_REQUIRED', '/fields/0/required'],
    ['a place that another line makes', { to: 'vessel.name', from: 'name' }, 'TARGET_CONFLICT', '/fields/0'],
  ])('with %s are refused at the place', async (_, line, code, pointer) => {
    const { status, body } = await layOver([line], await present());
    expect([status, body.error.code]).toEqual([400, 'MAPPING_INVALID']);
    expect(body.error.problems).toContainEqual(expect.objectContaining({ code, pointer }));
  });

  test('R-F7 are kept as they were at each time, and any of them serves again', async () => {
    await layOver([{ to: 'hazard', from: '"none"' }], await present());
    const history = await call('GET', '/flows/requisitions/mappings/requisition/history?environment=sandbox');
    expect(misfits('get', '/flows/:id/mappings/:name/history', history)).toEqual([]);
    const [, first] = history.body.history;
    const back = await call('POST', '/flows/requisitions/mappings/requisition/rollback', {
      environment: 'sandbox',
      to: first.id,
    });
    expect(misfits('post', '/flows/:id/mappings/:name/rollback', back)).toEqual([]);
    expect(back.body).toMatchObject({ action: 'rollback', by: 'test', fields: first.fields });
    expect(await mapped({ vessel_code: '7', un: 'UN1' }, '/sandbox/hooks')).toMatchObject({ data: { hazard: 'UN1' } });
  });

  test('and a version that does not go together with them is not deployed', async () => {
    const { target, ...free } = requisition;
    const lines = { to: 'hazard.class', from: 'class' };
    const changed = requisitionFlow([{ ...free, core: [...requisition.core, lines] }]);
    const { body } = await call('GET', '/flows/requisitions');
    await call('PUT', '/flows/requisitions', { revision: body.revision, bundle: changed });
    const deployed = await call('POST', '/flows/requisitions/deploy', { environment: 'sandbox' });
    expect([deployed.status, deployed.body.error]).toMatchObject([
      400,
      {
        code: 'MAPPING_INVALID',
        problems: [expect.objectContaining({ pointer: '/mappings/requisition/own/fields/1' })],
      },
    ]);
    expect((await call('POST', '/flows/requisitions/deploy', {})).status).toBe(200);
  });

  test('of another tenant are nobody else’s', async () => {
    const asOther = { 'x-api-key': instance.keys.other };
    await call('POST', '/flows', requisitions, asOther);
    await call('POST', '/flows/requisitions/deploy', { environment: 'sandbox' }, asOther);
    const { body } = await call(
      'GET',
      '/flows/requisitions/mappings/requisition?environment=sandbox',
      undefined,
      asOther,
    );
    expect(body.own).toBeNull();
  });
});

describe('a flow whose mapping makes no sense is told why', () => {
  const [older, newer] = requisition.versions;
  test.each([
    ['a version twice', { versions: [newer, { ...newer, version: '2.3.0' }] }, 'MAPPING_VERSION_TWICE', '/versions/1'],
    [
      'one of the newest three retired',
      { versions: [newer, { ...older, status: 'RETIRED' }] },
      'MAPPING_VERSION_KEPT',
      '/versions/1',
    ],
    ['none active', { versions: [older] }, 'MAPPING_NONE_ACTIVE', '/versions'],
    ['a target that nothing makes', { versions: [{ ...newer, fields: [] }] }, 'TARGET_REQUIRED', '/versions/0'],
    ['a line that is none', { core: [{ to: 7 }] }, 'MAPPING_LINES_INVALID', '/core/0/to'],
  ])('%s', async (_, change, code, pointer) => {
    const bundle = requisitionFlow([{ ...requisition, ...change }]);
    const saved = await call('GET', '/flows/requisitions');
    const { body } = await call('PUT', '/flows/requisitions', { revision: saved.body.revision, bundle });
    expect(body.problems).toContainEqual(expect.objectContaining({ code, pointer: `/mappings/0${pointer}` }));
  });

  test('and so is a node that names none', async () => {
    const saved = await call('GET', '/flows/requisitions');
    const bundle = requisitionFlow([{ ...requisition, name: 'other' }]);
    const { body } = await call('PUT', '/flows/requisitions', { revision: saved.body.revision, bundle });
    expect(body.problems).toMatchObject([{ code: 'MAPPING_UNKNOWN', pointer: '/nodes/map/config/mapping' }]);
  });
});
