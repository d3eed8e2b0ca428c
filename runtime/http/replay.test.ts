import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await call('POST', '/flows', orderFlow('orders'));
  await call('POST', '/flows/orders/deploy', {});
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

/** An order that the checks refuse, so that its run fails; answers the run's id. */
async function refusedOrder(): Promise<string> {
  return (await call('POST', '/hooks/acme/orders/approved', { id: 'A-1', qty: 0 })).body.runId as string;
}

const statusOf = async (run: string) => (await call('GET', `/runs/${run}`)).body.status;

describe('R-X3 POST /runs/:id/replay', () => {
  test('begins a new run at the step, here with a mended order', async () => {
    const run = await refusedOrder();
    const answer = await call('POST', `/runs/${run}/replay`, { from: 'check', input: { id: 'A-1', qty: 2 } });
    expect(answer.status).toBe(202);
    expect(misfits('post', '/runs/:id/replay', answer)).toEqual([]);
    await expect.poll(() => statusOf(answer.body.runId), { timeout: 10_000 }).toBe('succeeded');
    const { body } = await call('GET', `/runs/${answer.body.runId}`);
    expect(body.trigger).toMatchObject({ payload: { id: 'A-1', qty: 2 } });
    expect(body.trigger.source).toContain(run);
    expect(await statusOf(run)).toBe('failed');
  });

  test('begins when the flow is resumed, if that is paused', async () => {
    const run = await refusedOrder();
    await call('POST', '/flows/orders/pause');
    const { body } = await call('POST', `/runs/${run}/replay`, { from: 'check', input: { id: 'A-1', qty: 2 } });
    await instance.api.engine.settle();
    expect(await statusOf(body.runId)).toBe('running');
    await call('POST', '/flows/orders/resume');
    await expect.poll(() => statusOf(body.runId), { timeout: 10_000 }).toBe('succeeded');
  });

  test('on the version that serves now, which knows better', async () => {
    const run = await refusedOrder();
    const bundle = orderFlow('orders');
    const lenient = { ...bundle.flow.nodes.check, config: { schema: { type: 'object' } } };
    const mended = { ...bundle, flow: { ...bundle.flow, nodes: { ...bundle.flow.nodes, check: lenient } } };
    await call('PUT', '/flows/orders', { revision: 1, bundle: mended });
    await call('POST', '/flows/orders/deploy', {});
    const { body: same } = await call('POST', `/runs/${run}/replay`, { from: 'check' });
    await expect.poll(() => statusOf(same.runId), { timeout: 10_000 }).toBe('failed');
    const { body: other } = await call('POST', `/runs/${run}/replay`, { from: 'check', version: 'deployed' });
    await expect.poll(() => statusOf(other.runId), { timeout: 10_000 }).toBe('succeeded');
    const versions = await Promise.all([run, same.runId, other.runId].map((id) => call('GET', `/runs/${id}`)));
    const [first, second, third] = versions.map(({ body }) => body.version);
    expect([second === first, third === first]).toEqual([true, false]);
    expect(versions[2]?.body.origin).toBe(run);
    await call('PUT', '/flows/orders', { revision: 2, bundle });
    await call('POST', '/flows/orders/deploy', {});
  });

  test('refuses a run that has not ended, a step that is none, and a request that says nothing', async () => {
    await call('POST', '/flows/orders/pause');
    const { body: held } = await call('POST', '/flows/orders/run', { payload: { id: 'A-2', qty: 1 } });
    expect(await call('POST', `/runs/${held.runId}/replay`, { from: 'nowhere' })).toMatchObject({
      status: 409,
      body: { error: { code: 'RUN_NOT_ENDED' } },
    });
    await call('POST', '/flows/orders/resume');
    const run = await refusedOrder();
    expect(await call('POST', `/runs/${run}/replay`, { from: 'nowhere' })).toMatchObject({
      status: 400,
      body: { error: { code: 'REPLAY_STEP_UNKNOWN', pointer: '/from' } },
    });
    expect(await call('POST', `/runs/${run}/replay`, {})).toMatchObject({ status: 400 });
  });

  test('does not know the runs of another tenant', async () => {
    const asOther = { 'x-api-key': instance.keys.other };
    const answer = await call('POST', `/runs/${await refusedOrder()}/replay`, { from: 'check' }, asOther);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  });
});
