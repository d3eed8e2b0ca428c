import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, startInstance, waitingFlow } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await call('POST', '/flows', waitingFlow());
  for (const environment of ['production', 'sandbox']) await call('POST', '/flows/waiting/deploy', { environment });
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

async function waitFor(id: string, environment = 'production'): Promise<{ id: string; runId: string }> {
  await call('POST', '/flows/waiting/run', { payload: { id }, environment });
  await instance.api.engine.settle();
  return (await call('GET', `/waits?key=${id}&environment=${environment}`)).body.waits[0];
}

async function signal(key: string, payload: unknown = 'yes'): Promise<string> {
  const { signalId } = (await call('POST', '/signals', { channel: 'acks', key, payload })).body;
  await instance.api.engine.settle();
  return signalId;
}

const statusOf = async (run: string) => (await call('GET', `/runs/${run}`)).body.status;

describe('R-X4 GET /waits', () => {
  test('tells who waits for what since when, and until when', async () => {
    const { runId } = await waitFor('W-1');
    const answer = await call('GET', '/waits?key=W-1&flow=waiting');
    expect(misfits('get', '/waits', answer)).toEqual([]);
    expect(answer.body).toMatchObject({
      waits: [
        { runId, flowName: 'Waiting', step: 'ack', channel: 'acks', key: 'W-1', overdueSince: null, rejections: 0 },
      ],
      next: null,
    });
  });

  test('those that have rejected an answer are found, with why', async () => {
    const { id } = await waitFor('W-2');
    await signal('W-2', 'no');
    const { body } = await call('GET', '/waits?state=rejected');
    expect(body.waits).toMatchObject([{ id, rejections: 1, rejection: 'It says no.' }]);
    expect((await call('GET', '/waits?state=overdue')).body.waits).toEqual([]);
  });

  test('pages are read one after the other', async () => {
    const [first, second] = [await waitFor('P-1'), await waitFor('P-2')];
    const page = (await call('GET', '/waits?key=P-&limit=1')).body;
    expect(page.waits).toMatchObject([{ id: second.id }]);
    const next = (await call('GET', `/waits?key=P-&limit=1&before=${page.next}`)).body;
    expect(next.waits).toMatchObject([{ id: first.id }]);
  });

  test('another tenant sees none of them', async () => {
    expect((await call('GET', '/waits', undefined, { 'x-api-key': instance.keys.other })).body.waits).toEqual([]);
  });
});

describe('R-D4 POST /signals/:id/match', () => {
  test('an answer under a wrong key is given to who waits for it, and the audit tells who did so', async () => {
    const wait = await waitFor('M-1');
    const orphan = await signal('M-l');
    expect((await call('GET', '/signals?state=unmatched&key=M-l')).body.signals).toMatchObject([{ state: 'kept' }]);
    const answer = await call('POST', `/signals/${orphan}/match`, { wait: wait.id });
    expect(answer).toMatchObject({ status: 202, body: { runId: wait.runId } });
    expect(misfits('post', '/signals/:id/match', answer)).toEqual([]);
    await expect.poll(() => statusOf(wait.runId), { timeout: 10_000 }).toBe('succeeded');
    const { body } = await call('GET', `/signals?key=M-l`);
    expect(body.signals).toMatchObject([{ state: 'accepted', runId: wait.runId }]);
    expect((await call('GET', '/audit?action=signals.match')).body.entries).toMatchObject([
      { who: 'test', target: `signals/${orphan}`, before: { key: 'M-l' }, after: { key: 'M-1', run: wait.runId } },
    ]);
  });

  test('the node that waits may reject it still, and the wait goes on', async () => {
    const wait = await waitFor('M-2');
    const orphan = await signal('M-2x', 'no');
    await call('POST', `/signals/${orphan}/match`, { wait: wait.id });
    await expect
      .poll(async () => (await call('GET', '/signals?key=M-2x')).body.signals[0].state, { timeout: 10_000 })
      .toBe('rejected');
    expect(await statusOf(wait.runId)).toBe('waiting');
  });

  test('what was taken is not given away again, what is closed gets nothing, and nothing crosses environments', async () => {
    const [wait, other, sandbox] = [await waitFor('M-3'), await waitFor('M-4'), await waitFor('M-5', 'sandbox')];
    const orphan = await signal('M-3x');
    const match = (id: string, to: string) => call('POST', `/signals/${id}/match`, { wait: to });
    expect(await match(orphan, sandbox.id)).toMatchObject({
      status: 409,
      body: { error: { code: 'ENVIRONMENT_OTHER' } },
    });
    expect(await match(orphan, wait.id)).toMatchObject({ status: 202 });
    await expect.poll(() => statusOf(wait.runId), { timeout: 10_000 }).toBe('succeeded');
    expect(await match(orphan, other.id)).toMatchObject({ status: 409, body: { error: { code: 'SIGNAL_TAKEN' } } });
    const late = await signal('M-4x');
    expect(await match(late, wait.id)).toMatchObject({ status: 409, body: { error: { code: 'WAIT_CLOSED' } } });
    expect(await match(wait.id, other.id)).toMatchObject({ status: 404 });
    const asOther = { 'x-api-key': instance.keys.other };
    expect(await call('POST', `/signals/${late}/match`, { wait: other.id }, asOther)).toMatchObject({ status: 404 });
  });
});

describe('R-X4 GET /runs by a key', () => {
  test('finds who waited on it, by how it begins, and the run that is called so', async () => {
    const { runId } = await waitFor('K-4711');
    const idsOf = async (key: string) =>
      (await call('GET', `/runs?key=${key}`)).body.runs.map(({ id }: { id: string }) => id);
    expect(await idsOf('K-47')).toEqual([runId]);
    expect(await idsOf(runId)).toEqual([runId]);
    expect(await idsOf('K-4711x')).toEqual([]);
    expect(await idsOf('K%25')).toEqual([]);
  });

  test('by time, environment and code, and with the oldest first', async () => {
    const { runId } = await waitFor('T-1', 'sandbox');
    const { body } = await call('GET', '/runs?environment=sandbox&order=oldest');
    expect(body.runs.at(-1).id).toBe(runId);
    expect(body.runs.every((run: { environment: string }) => run.environment === 'sandbox')).toBe(true);
    const past = encodeURIComponent('2020-01-01T00:00:00Z');
    expect((await call('GET', `/runs?to=${past}`)).body.runs).toEqual([]);
    expect((await call('GET', `/runs?from=${past}&limit=1`)).body.runs).toHaveLength(1);
    expect((await call('GET', '/runs?code=NEVER_HEARD')).body.runs).toEqual([]);
  });
});

describe('R-X4 numbers', () => {
  test('GET /statistics tells runs, waits and signals of the period', async () => {
    const answer = await call('GET', '/statistics?period=hour');
    expect(misfits('get', '/statistics', answer)).toEqual([]);
    const total = (name: string, of: string) =>
      answer.body[of].reduce((sum: number, part: Record<string, number>) => sum + (part[name] ?? 0), 0);
    expect(answer.body.complete).toBe(true);
    expect(total('succeeded', 'runs')).toBeGreaterThan(0);
    expect(total('open', 'waits')).toBe(answer.body.now.waits.open);
    expect(total('accepted', 'signals')).toBeGreaterThan(0);
    expect(answer.body.now.connections.limit).toBeGreaterThan(0);
  });

  test('GET /syncs has nothing to tell where nothing is kept in step', async () => {
    const answer = await call('GET', '/syncs');
    expect(misfits('get', '/syncs', answer)).toEqual([]);
    expect(answer.body).toEqual({ syncs: [], sources: [] });
  });
});
