import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replaceSources } from '../postgres/sources/replace-sources.ts';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.stop());

const listing = '/flows/:id/triggers';

function scheduledFlow(id: string, config: object) {
  const begin = { type: 'core/schedule', version: 1, config };
  return { flow: { format: 1, id, name: id, nodes: { begin }, edges: [] } };
}

async function deployed(flow: { flow: { id: string } }): Promise<string> {
  const { id } = flow.flow;
  expect((await instance.call('POST', '/flows', flow)).status).toBe(201);
  expect((await instance.call('POST', `/flows/${id}/deploy`, {})).status).toBe(200);
  return id;
}

describe('what starts a flow', () => {
  test('R-X4 shows a schedule with its next five times', async () => {
    const id = await deployed(scheduledFlow('nightly', { rule: '0 3 * * *', timeZone: 'Asia/Tokyo' }));
    const answer = await instance.call('GET', `/flows/${id}/triggers`);
    expect(answer.status).toBe(200);
    expect(misfits('get', listing, answer)).toEqual([]);
    const [schedule] = answer.body.schedules;
    expect(schedule).toMatchObject({
      node: 'begin',
      rule: { cron: '0 3 * * *' },
      timeZone: 'Asia/Tokyo',
      missed: 'once',
      overlap: 'skip',
      lastRun: null,
    });
    const next: number[] = schedule.next.map((time: string) => Date.parse(time));
    expect(next).toHaveLength(5);
    expect(next.every((time) => time % 86_400_000 === 18 * 3_600_000)).toBe(true);
    expect(next.slice(1).map((time, index) => time - (next[index] as number))).toEqual(Array(4).fill(86_400_000));
  });

  test('shows fewer times where the rule ends', async () => {
    const rule = 'DTSTART:20990101T000000 RRULE:FREQ=DAILY;COUNT=2';
    const id = await deployed(scheduledFlow('twice', { rule }));
    const { body } = await instance.call('GET', `/flows/${id}/triggers`);
    expect(body.schedules[0].next).toEqual(['2099-01-01T00:00:00.000Z', '2099-01-02T00:00:00.000Z']);
  });

  test('shows a webhook, and nothing of a flow that is not deployed', async () => {
    const id = await deployed(orderFlow());
    const { body } = await instance.call('GET', `/flows/${id}/triggers`);
    expect(body).toEqual({
      routes: [{ node: 'approved', method: 'POST', path: 'orders/approved' }],
      schedules: [],
      sources: [],
      events: [],
    });
    await instance.call('POST', '/flows', orderFlow('resting', { path: 'resting' }));
    const none = await instance.call('GET', '/flows/resting/triggers');
    expect(none.body).toEqual({ routes: [], schedules: [], sources: [], events: [] });
  });

  test('is nobody else’s business', async () => {
    const id = await deployed(scheduledFlow('private', { rule: '0 3 * * *' }));
    const asOther = { 'x-api-key': instance.keys.other };
    expect(await instance.call('GET', `/flows/${id}/triggers`, undefined, asOther)).toMatchObject({ status: 404 });
  });
});

test('a draft whose rule cannot be followed is saved with its problem', async () => {
  const answer = await instance.call('POST', '/flows', scheduledFlow('draft', { rule: '0 25 * * *' }));
  expect(answer.status).toBe(201);
  expect(answer.body.problems).toEqual([
    {
      code: 'SCHEDULE_INVALID',
      pointer: '/nodes/begin/config/rule',
      message: 'The hour “25” must be between 0 and 23.',
    },
  ]);
});

describe('a source', () => {
  const place = () => ({ tenant: instance.tenants.acme.id, environment: 'production', flowId: 'polled' });
  const poll = '/flows/:id/sources/:node/poll';

  test('is shown as it stands, and can be polled on demand', async () => {
    await deployed(scheduledFlow('polled', { rule: '0 3 * * *' }));
    const source = { node: 'feed', type: 'test/feed', connection: null, everyMs: 60_000 };
    await instance.api.database.asTenants([place().tenant], async (tx) => {
      await replaceSources(tx, place(), [source]);
      // Whoever polls here does not come to it meanwhile.
      await sql`update millrace.source set next_poll_at = millrace.now() + interval '1 hour'`.execute(tx);
    });
    const answer = await instance.call('GET', '/flows/polled/triggers');
    expect(misfits('get', listing, answer)).toEqual([]);
    const [{ nextPollAt, ...shown }] = answer.body.sources;
    expect(shown).toEqual({
      node: 'feed',
      everyMs: 60_000,
      polling: false,
      lastPolledAt: null,
      failures: 0,
      failingSince: null,
      lastError: null,
    });
    expect(Date.parse(nextPollAt)).toBeGreaterThan(Date.now());
    const asked = await instance.call('POST', '/flows/polled/sources/feed/poll');
    expect(asked).toMatchObject({ status: 202, body: { node: 'feed' } });
    expect(misfits('post', poll, asked)).toEqual([]);
  });

  test.each(['/flows/polled/sources/begin/poll', '/flows/none/sources/feed/poll'])(
    'there is none at %s',
    async (path) => {
      expect((await instance.call('POST', path)).status).toBe(404);
    },
  );

  test('of another tenant cannot be polled', async () => {
    const other = { 'x-api-key': instance.keys.other };
    expect((await instance.call('POST', '/flows/polled/sources/feed/poll', undefined, other)).status).toBe(404);
  });
});
