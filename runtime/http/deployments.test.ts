import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });

const named = (id: string, name: string, more: object = {}) => {
  const bundle = orderFlow(id, { path: id });
  return { ...bundle, flow: { ...bundle.flow, name }, ...more };
};
const save = async (id: string, name: string, more: object = {}) => {
  const { status, body } = await call('GET', `/flows/${id}`);
  if (status === 404) return call('POST', '/flows', named(id, name, more));
  return call('PUT', `/flows/${id}`, { revision: body.revision, bundle: named(id, name, more) });
};
const deploy = async (id: string, body: object = {}) => {
  const deployed = await call('POST', `/flows/${id}/deploy`, body);
  expect(misfits('post', '/flows/:id/deploy', deployed)).toEqual([]);
  const { version, number } = deployed.body;
  return { version, number };
};
const history = async (id: string, query = '') => {
  const listed = await call('GET', `/flows/${id}/deployments${query}`);
  expect(misfits('get', '/flows/:id/deployments', listed)).toEqual([]);
  return listed.body.deployments as { id: string; action: string; number: number; environment: string }[];
};
/** Runs the flow by its webhook; answers the version on which it ran. */
const versionRunBy = async (address: string) => {
  const answer = await fetch(`${instance.url}${address}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"id":"A","qty":1}',
  });
  if (answer.status !== 202) return answer.status;
  const { runId } = (await answer.json()) as { runId: string };
  return (await call('GET', `/runs/${runId}`)).body.version as string;
};

test('R-X1 parameters that a deployment sets stay with the next version, others follow its defaults', async () => {
  const withDue = (due: string) => {
    const properties = { due: { type: 'string', default: due }, region: { type: 'string', default: 'EU' } };
    const { flow, ...more } = named('tuned', 'Tuned');
    return { ...more, flow: { ...flow, parameters: { type: 'object', properties } } };
  };
  await call('POST', '/flows', withDue('PT1H'));
  await deploy('tuned', { parameters: { region: 'US' } });
  await call('PUT', '/flows/tuned', { revision: 1, bundle: withDue('PT2H') });
  await deploy('tuned');
  expect(await history('tuned')).toMatchObject([
    { parameters: { due: 'PT2H', region: 'US' } },
    { parameters: { due: 'PT1H', region: 'US' } },
  ]);
});

describe('R-X1 versions of a flow', () => {
  test('are published with a number and stay as they are; the same content is the same version', async () => {
    await save('kept', 'One');
    const first = await call('POST', '/flows/kept/publish', { note: 'The first' });
    expect(misfits('post', '/flows/:id/publish', first)).toEqual([]);
    expect(first.body.number).toBe(1);
    await save('kept', 'Two');
    const second = await call('POST', '/flows/kept/publish', {});
    expect(second.body.number).toBe(2);
    await save('kept', 'One', { layout: { nodes: { approved: { x: 5, y: 5 } } } });
    expect((await call('POST', '/flows/kept/publish', { note: 'Once more' })).body).toMatchObject(first.body);

    const listed = await call('GET', '/flows/kept/versions');
    expect(misfits('get', '/flows/:id/versions', listed)).toEqual([]);
    expect(listed.body.versions).toMatchObject([
      { number: 2, note: null },
      { number: 1, version: first.body.version, note: 'The first', publishedBy: 'test' },
    ]);
    const bundle = await call('GET', '/flows/kept/versions/2');
    expect(misfits('get', '/flows/:id/versions/:version', bundle)).toEqual([]);
    expect(bundle.body.flow.name).toBe('Two');
    expect((await call('GET', `/flows/kept/versions/${first.body.version}`)).body.flow.name).toBe('One');
    expect((await call('GET', '/flows/kept/versions/3')).status).toBe(404);
    expect((await call('GET', '/flows/kept/versions/1', undefined, asOther())).status).toBe(404);
  });

  test('hold their record types, tests and samples', async () => {
    const stock = { id: 'kept-stock', title: 'Stock', schema: { type: 'object' } };
    const more = { records: [stock], tests: { good: { name: 'good' } }, samples: { order: { id: 'A' } } };
    await save('whole', 'Whole', more);
    const { body } = await call('POST', '/flows/whole/publish', {});
    await save('whole', 'Whole');
    expect((await call('GET', `/flows/whole/versions/${body.number}`)).body).toMatchObject(more);
  });

  test('with errors are not published, and every error is told', async () => {
    const bundle = named('faulty', 'Faulty');
    await call('POST', '/flows', { ...bundle, flow: { ...bundle.flow, edges: [{ from: 'nowhere', to: 'here' }] } });
    const refused = await call('POST', '/flows/faulty/publish', {});
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'FLOW_INVALID' } } });
    expect((await call('GET', '/flows/faulty/versions')).body.versions).toEqual([]);
  });

  test('are published once, however many ask at once', async () => {
    await save('rush', 'Rush');
    const published = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/flows/rush/publish', {})));
    expect(new Set(published.map(({ body }) => body.number))).toEqual(new Set([1]));
  });

  test('are told apart field by field', async () => {
    await save('apart', 'Before');
    await deploy('apart', { environment: 'sandbox' });
    await save('apart', 'After');
    for (const query of ['from=sandbox&to=draft', 'from=1&to=draft']) {
      const difference = await call('GET', `/flows/apart/difference?${query}`);
      expect(misfits('get', '/flows/:id/difference', difference)).toEqual([]);
      expect(difference.body.changes).toMatchObject([
        { pointer: '/flow/name', sentence: 'The flow, at /name, changes from "Before" to "After".' },
      ]);
    }
    expect((await call('GET', '/flows/apart/difference?from=production&to=draft')).status).toBe(404);
    expect((await call('GET', '/flows/apart/difference?from=tomorrow&to=draft')).status).toBe(400);
  });
});

describe('R-X1 a deployment', () => {
  test('serves in one environment and leaves the other alone', async () => {
    await save('two', 'Sandbox first');
    const tried = await deploy('two', { environment: 'sandbox' });
    expect(await versionRunBy('/sandbox/hooks/acme/two')).toBe(tried.version);
    expect(await versionRunBy('/hooks/acme/two')).toBe(401);
    await save('two', 'Then changed');
    await deploy('two', { version: tried.version });
    expect(await versionRunBy('/hooks/acme/two')).toBe(tried.version);
    const detail = await call('GET', '/flows/two?environment=sandbox');
    expect(detail.body).toMatchObject({
      deployed: { environment: 'sandbox', version: tried.version },
      changedSinceDeploy: true,
      hookUrls: [{ url: `${instance.url}/sandbox/hooks/acme/two` }],
    });
    for (const environment of ['sandbox', 'production']) expect(await runsToday('two', environment)).toBe(1);
    const paused = await call('POST', '/flows/two/pause?environment=sandbox');
    expect(paused.body).toEqual({ paused: true });
  });

  test('is rolled back to what served before, with its parameters, and to any earlier one', async () => {
    await save('back', 'One');
    const one = await deploy('back', { note: 'Begin' });
    await save('back', 'Two');
    const two = await deploy('back');
    await save('back', 'Three');
    await deploy('back');
    expect(await history('back')).toMatchObject([
      { action: 'deploy', number: 3 },
      { action: 'deploy', number: 2 },
      { action: 'deploy', number: 1, note: 'Begin', by: 'test', environment: 'production' },
    ]);

    const previous = await call('POST', '/flows/back/rollback', { note: 'Three was wrong' });
    expect(misfits('post', '/flows/:id/rollback', previous)).toEqual([]);
    expect(previous.body).toMatchObject(two);
    expect(await versionRunBy('/hooks/acme/back')).toBe(two.version);
    const first = (await history('back')).at(-1);
    expect((await call('POST', '/flows/back/rollback', { to: first?.id })).body).toMatchObject(one);
    expect(await versionRunBy('/hooks/acme/back')).toBe(one.version);
    expect((await history('back', '?limit=2')).map(({ action, number }) => [action, number])).toEqual([
      ['rollback', 1],
      ['rollback', 2],
    ]);
    expect((await call('GET', '/flows/back')).body.bundle.flow.name).toBe('Three');
  });

  test('has nothing to be rolled back to where nothing else has served', async () => {
    await save('lone', 'Lone');
    await deploy('lone');
    const refused = await call('POST', '/flows/lone/rollback', {});
    expect(refused).toMatchObject({ status: 404, body: { error: { code: 'NOTHING_EARLIER' } } });
    const [first] = await history('lone');
    const elsewhere = await call('POST', '/flows/lone/rollback', { environment: 'sandbox', to: first?.id });
    expect(elsewhere.body.error.code).toBe('NOTHING_EARLIER');
  });

  test('ends, and what begins runs with it; it can come back', async () => {
    await save('gone', 'Gone');
    const { version } = await deploy('gone');
    expect(await versionRunBy('/hooks/acme/gone')).toBe(version);
    expect((await call('POST', '/flows/gone/undeploy', { note: 'Season is over' })).status).toBe(204);
    expect(await versionRunBy('/hooks/acme/gone')).toBe(401);
    expect((await call('POST', '/flows/gone/undeploy', {})).status).toBe(404);
    expect((await call('POST', '/flows/gone/run', { payload: {} })).body.error.code).toBe('FLOW_NOT_DEPLOYED');
    expect(await history('gone')).toMatchObject([{ action: 'undeploy', number: 1, note: 'Season is over' }, {}]);
    expect((await call('POST', '/flows/gone/rollback', {})).body.version).toBe(version);
    expect(await versionRunBy('/hooks/acme/gone')).toBe(version);
  });

  test('of another tenant is not there', async () => {
    await save('mine', 'Mine');
    await deploy('mine');
    const [first] = await history('mine');
    for (const [method, path, body] of [
      ['POST', '/flows/mine/deploy', { version: '1' }],
      ['POST', '/flows/mine/rollback', { to: first?.id }],
      ['POST', '/flows/mine/undeploy', {}],
      ['POST', '/flows/mine/publish', {}],
      ['GET', '/flows/mine/difference?from=1&to=1', undefined],
      ['GET', '/flows/mine/deployments', undefined],
      ['GET', '/flows/mine/versions', undefined],
    ] as const)
      expect((await call(method, path, body, asOther())).status).toBe(404);
  });
});

async function runsToday(flow: string, environment: string): Promise<number> {
  const { flows } = (await call('GET', `/flows?environment=${environment}`)).body;
  const { succeeded, failed, open } = flows.find(({ id }: { id: string }) => id === flow).runs24h;
  return succeeded + failed + open;
}
