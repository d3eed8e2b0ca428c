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
  const { status, body } = await call('POST', '/hooks/acme/orders/approved', { id: 'A-1', qty: 0 });
  expect(status).toBe(422);
  return body.runId as string;
}

describe('dead letters', () => {
  test('R-X3 a run that failed for good is listed with what went wrong', async () => {
    const run = await refusedOrder();
    const answer = await call('GET', '/dead-letters?state=open');
    expect(answer.body.deadLetters[0]).toMatchObject({ runId: run, flowId: 'orders', state: 'open', step: 'check' });
    expect(misfits('get', '/dead-letters', answer)).toEqual([]);
  });

  test('R-X3 redriven, it goes on; failing again, it is open again', async () => {
    const run = await refusedOrder();
    const answer = await call('POST', '/dead-letters/redrive', { runs: [run] });
    expect(answer).toMatchObject({ status: 202, body: { redriven: 1 } });
    await expect
      .poll(async () => (await call('GET', `/runs/${run}`)).body.steps.length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    await expect
      .poll(async () => (await call('GET', '/dead-letters?state=open')).body.deadLetters[0]?.runId, { timeout: 10_000 })
      .toBe(run);
  });

  test('all that fit are set aside at once, with who and why', async () => {
    await refusedOrder();
    const { body } = await call('GET', '/dead-letters?state=open&flow=orders');
    const answer = await call('POST', '/dead-letters/discard', { flow: 'orders', note: 'Test orders' });
    expect(answer).toMatchObject({ status: 200, body: { discarded: body.deadLetters.length } });
    expect((await call('GET', '/dead-letters?state=open')).body.deadLetters).toEqual([]);
    expect((await call('GET', '/dead-letters?state=discarded&limit=1')).body).toMatchObject({
      deadLetters: [{ note: 'Test orders', settledBy: 'test' }],
    });
  });

  test('those that are alike are counted together, and found by category', async () => {
    await refusedOrder();
    const answer = await call('GET', '/dead-letters/groups');
    expect(misfits('get', '/dead-letters/groups', answer)).toEqual([]);
    const [group] = answer.body.groups;
    expect(group).toMatchObject({ flowId: 'orders', flowName: 'Orders', environment: 'production' });
    const { category, code } = group;
    const { body } = await call('GET', `/dead-letters?state=open&category=${category}&code=${code}`);
    expect(body.deadLetters).toHaveLength(group.count);
    expect((await call('GET', '/dead-letters?category=never')).body.deadLetters).toEqual([]);
  });

  test('a choice of both runs and a flow is refused', async () => {
    const runs = ['01a1fd87-d256-7dfb-907c-79e4f55d5044'];
    expect(await call('POST', '/dead-letters/redrive', { runs, flow: 'orders' })).toMatchObject({ status: 400 });
  });

  test('another tenant neither sees nor redrives them', async () => {
    const run = await refusedOrder();
    const asOther = { 'x-api-key': instance.keys.other };
    expect((await call('GET', '/dead-letters', undefined, asOther)).body.deadLetters).toEqual([]);
    expect((await call('POST', '/dead-letters/redrive', { runs: [run] }, asOther)).body).toEqual({ redriven: 0 });
    expect((await call('POST', '/dead-letters/discard', { runs: [run] }, asOther)).body).toEqual({ discarded: 0 });
  });
});

describe('a paused flow', () => {
  test('R-X3 takes what comes, holds it, and goes on when it is resumed', async () => {
    expect(await call('POST', '/flows/orders/pause')).toMatchObject({ status: 200, body: { paused: true } });
    const { status, body } = await call('POST', '/flows/orders/run', { payload: { id: 'A-2', qty: 1 } });
    expect(status).toBe(202);
    await instance.api.engine.settle();
    expect((await call('GET', `/runs/${body.runId}`)).body).toMatchObject({ status: 'running', steps: [] });
    await call('POST', '/flows/orders/resume');
    await expect
      .poll(async () => (await call('GET', `/runs/${body.runId}`)).body.status, { timeout: 10_000 })
      .toBe('succeeded');
  });

  test('what is not deployed cannot be paused', async () => {
    expect(await call('POST', '/flows/unknown/pause')).toMatchObject({ status: 404 });
  });
});
