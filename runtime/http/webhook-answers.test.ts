import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadAnswer, storeAnswers } from '../postgres/commit/store-answers.ts';
import { type Instance, startInstance } from './test-instance.fixture.ts';
import { deployWebhook, knowAnswering, sendTo } from './webhook-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const json = { 'content-type': 'application/json' };
const send = (path: string, body: string, headers: Record<string, string>) => sendTo(instance, path, body, headers);

describe('a webhook that is answered by its flow', () => {
  const later = { type: 'core/delay', version: 1, title: 'Later', config: { for: 'PT1H' } };
  const config = { answer: 'respond', eventId: '{% id %}' };
  const answer = { status: 201, headers: { 'X-Order': 'D-1' }, body: { order_id: 'D-1' } };
  /** Answers for the newest run of the flow, as its commit would; nobody tells the waiting request. */
  async function respondFor(flow: string) {
    const runs = await vi.waitFor(async () => {
      const { runs } = (await instance.call('GET', `/runs?flow=${flow}`)).body;
      expect(runs).toHaveLength(1);
      return runs as { id: string }[];
    }, 10_000);
    const { id: tenant } = instance.tenants.acme;
    const row = { ...answer, run: (runs[0] as { id: string }).id, tenant };
    await instance.api.database.asTenants([tenant], (tx) => storeAnswers(tx, [row]));
    return row.run;
  }

  test('R-X2 gets the answer, and the same request again gets the same', async () => {
    await deployWebhook(instance, 'respond', { config: { ...config, path: 'respond' }, next: later });
    const waiting = send('respond', '{"id":"D-1"}', json);
    const run = await respondFor('respond');
    const first = await waiting;
    expect(first).toMatchObject({ status: 201, body: { order_id: 'D-1' } });
    expect(first.headers.get('x-order')).toBe('D-1');
    expect(first.headers.get('content-security-policy')).toContain('sandbox');
    expect(await send('respond', '{"id":"D-1"}', json)).toMatchObject({ status: 201, body: { order_id: 'D-1' } });
    const { id: tenant } = instance.tenants.acme;
    const asOther = instance.api.database.asTenants([instance.tenants.other.id], (tx) => loadAnswer(tx, run));
    expect(await asOther).toBeUndefined();
    const second = { status: 500, headers: {}, body: null, run, tenant };
    await instance.api.database.asTenants([tenant], (tx) => storeAnswers(tx, [second]));
    expect(await send('respond', '{"id":"D-1"}', json)).toMatchObject({ status: 201 });
  });

  test('R-X2 gets what a node says when that is committed, and fifty at once get the same', async () => {
    knowAnswering(instance);
    const next = { type: 'test/answer', version: 1, title: 'Answer', config: {} };
    const deployed = await deployWebhook(instance, 'answers', { config: { ...config, path: 'answers' }, next });
    expect(deployed).toMatchObject({ status: 200 });
    const body = '{"id":"D-9","total":9007199254740993}';
    const sent = await Promise.all(Array.from({ length: 50 }, () => send('answers', body, json)));
    expect(new Set(sent.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`201 ${body}`]));
    expect((await instance.call('GET', '/runs?flow=answers')).body.runs).toHaveLength(1);
  });

  test('R-X2 gets a file as it was stored, with its type, and the same request again gets it again', async () => {
    knowAnswering(instance);
    const next = { type: 'test/answer', version: 1, title: 'Answer', config: {} };
    await deployWebhook(instance, 'echo', {
      config: { answer: 'respond', path: 'echo', accepts: ['binary'] },
      next,
    });
    const content = 'sku,qty\n'.repeat(400_000);
    const sent = () => send('echo', content, { 'content-type': 'application/pdf', 'idempotency-key': 'the same' });
    for (const answered of [await sent(), await sent()]) {
      expect(answered.status).toBe(201);
      expect(answered.text === content).toBe(true);
      expect(answered.headers.get('content-type')).toBe('application/pdf');
      expect(answered.headers.get('content-length')).toBe(`${content.length}`);
      expect(answered.headers.get('content-security-policy')).toContain('sandbox');
    }
  });

  test('whose file is gone, or another tenant’s, is told that it is missing', async () => {
    knowAnswering(instance);
    const next = { type: 'test/answer', version: 1, title: 'Answer', config: {} };
    await deployWebhook(instance, 'forged', { config: { answer: 'respond', path: 'forged' }, next });
    const forged = JSON.stringify({ blob: `blob_${'0'.repeat(32)}`, name: 'a', mediaType: 'a\r\nb', bytes: 1 });
    expect(await send('forged', forged, json)).toMatchObject({
      status: 404,
      body: { error: { code: 'BLOB_MISSING' } },
    });
  });

  test('past its time gets 202 and where the run is', async () => {
    const patient = { ...config, path: 'slow', respondSeconds: 1 };
    await deployWebhook(instance, 'slow', { config: patient, next: later });
    const { status, body, headers } = await send('slow', '{"id":"D-1"}', json);
    expect({ status, body }).toEqual({ status: 202, body: { runId: expect.any(String), status: 'waiting' } });
    expect(headers.get('location')).toBe(`/api/v1/runs/${body.runId}`);
  });

  test('that ends without an answer is told so', async () => {
    await deployWebhook(instance, 'silent', { config: { ...config, path: 'silent' } });
    expect(await send('silent', '{"id":"D-1"}', json)).toMatchObject({ status: 200, body: { status: 'succeeded' } });
    const fails = {
      type: 'core/fail',
      version: 1,
      title: 'Fail',
      config: { code: 'NO_STOCK', message: 'None.', category: 'server' },
    };
    expect(
      await deployWebhook(instance, 'failing', { config: { ...config, path: 'failing' }, next: fails }),
    ).toMatchObject({ status: 200 });
    expect(await send('failing', '{"id":"D-1"}', json)).toMatchObject({
      status: 500,
      body: { error: { code: 'RUN_FAILED' } },
    });
  });
});
