import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await call('POST', '/flows', tested);
  await call('POST', '/flows/tested/publish', {});
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });
const runTests = (id: string, body: object = {}) => call('POST', `/flows/${id}/tests`, body);

const taken = {
  name: 'An order is taken',
  trigger: { sample: 'order' },
  expect: { outcome: 'succeeded', path: ['check'] },
};
const wrong = { name: 'An order is refused', trigger: { sample: 'order' }, expect: { outcome: 'failed' } };
const tested = { ...orderFlow('tested', { path: 'tested' }), tests: { taken, wrong } };

describe('R-X1 the tests of a flow', () => {
  test('are run for a version, whose report is kept with who ran them', async () => {
    const answer = await runTests('tested', { version: '1' });
    expect(misfits('post', '/flows/:id/tests', answer)).toEqual([]);
    expect(answer.body).toMatchObject({
      kept: true,
      passed: 1,
      failed: 1,
      untaken: [],
      tests: [
        { file: 'taken', mismatches: [], nodes: ['approved', 'check'] },
        { file: 'wrong', mismatches: ['outcome is "succeeded", expected "failed"'] },
      ],
    });
    const kept = await call('GET', '/flows/tested/tests?version=1');
    expect(misfits('get', '/flows/:id/tests', kept)).toEqual([]);
    const { kept: _, ...report } = answer.body;
    expect(kept.body).toMatchObject({ ...report, ranBy: 'test' });
    expect((await call('GET', '/flows/tested/tests?version=1', undefined, asOther())).status).toBe(404);
    expect((await call('GET', '/runs?flow=tested')).body.runs).toEqual([]);
  }, 120_000);

  test('of a draft, or some of them, are told this once', async () => {
    await call('POST', '/flows', { ...tested, flow: { ...tested.flow, id: 'drafted' } });
    expect((await runTests('drafted', { only: 'taken' })).body).toMatchObject({ kept: false, passed: 1, failed: 0 });
    expect(await call('GET', '/flows/drafted/tests')).toMatchObject({
      status: 404,
      body: { error: { message: 'The tests of “drafted”, draft, were never run, or it is no version yet.' } },
    });
  }, 120_000);

  test('tell the edges that none of them takes; without tests these are all', async () => {
    await call('POST', '/flows', orderFlow('bare', { path: 'bare' }));
    expect((await runTests('bare')).body).toMatchObject({ passed: 0, failed: 0, untaken: ['approved → check'] });
  });

  test('of a draft with errors are not run, and every error is told', async () => {
    const bundle = orderFlow('faulty');
    await call('POST', '/flows', { ...bundle, flow: { ...bundle.flow, edges: [{ from: 'nowhere', to: 'here' }] } });
    expect(await runTests('faulty')).toMatchObject({ status: 422, body: { error: { code: 'FLOW_INVALID' } } });
  });
});

describe('R-X4 a flow as it is being edited is tried', () => {
  const flow = {
    format: 1,
    id: 'tried',
    name: 'Tried',
    nodes: {
      hook: { type: 'core/webhook', version: 1, config: { path: 'tried' } },
      total: { type: 'core/map', version: 1, config: { expression: '{ "total": $sum(lines.qty) }' } },
      twice: { type: 'core/map', version: 1, config: { expression: '{ "twice": total * 2 }' } },
      refuse: { type: 'core/fail', version: 1, config: {} },
    },
    edges: [
      { from: 'hook', to: 'total' },
      { from: 'total', to: 'twice' },
      { from: 'twice', to: 'refuse' },
    ],
  };
  const trigger = { payload: { lines: [{ qty: 2 }, { qty: 3 }] } };
  beforeAll(async () => {
    const draft = { ...flow, nodes: { hook: flow.nodes.hook }, edges: [] };
    await call('POST', '/flows', { flow: draft, layout: { nodes: {} }, samples: {}, tests: {}, records: [] });
  });
  const tryIt = (body: object) => call('POST', '/flows/tried/try', { flow, trigger, ...body });

  test('up to a node: each step tells what it got and gave, and what comes after is not run', async () => {
    const answer = await tryIt({ to: 'twice' });
    expect(misfits('post', '/flows/:id/try', answer)).toEqual([]);
    expect(answer.body).toMatchObject({
      status: 'succeeded',
      steps: [
        { node: 'total', status: 'done', port: 'out', input: trigger.payload, output: { total: 5 } },
        { node: 'twice', input: { total: 5 }, output: { twice: 10 } },
      ],
    });
    expect((await call('GET', '/runs?flow=tried')).body.runs).toEqual([]);
  }, 120_000);

  test('with pinned data in place of what a node would give', async () => {
    const answer = await tryIt({ to: 'twice', mocks: { total: { output: { total: 50 } } } });
    expect(answer.body.steps.at(-1)).toMatchObject({ node: 'twice', output: { twice: 100 } });
  }, 120_000);

  test('only where that part of it has no errors, and only of the own tenant', async () => {
    const broken = { ...flow.nodes, total: { ...flow.nodes.total, config: { expression: '$sum(' } } };
    const refused = await tryIt({ flow: { ...flow, nodes: broken }, to: 'twice' });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'FLOW_INVALID' } } });
    expect(await tryIt({ to: 'nobody' })).toMatchObject({ body: { error: { code: 'NODE_UNKNOWN' } } });
    expect((await call('POST', '/flows/tried/try', { flow, trigger }, asOther())).status).toBe(404);
  });
});

const secret = 'canary-of-a-connection';
const node = (type: string, config: object, more: object = {}) => ({ type, version: 1, config, ...more });
const whole = {
  flow: {
    format: 1,
    id: 'whole',
    name: 'Whole',
    parameters: {
      type: 'object',
      properties: {
        factor: { type: 'number', default: 2 },
        pin: { type: 'string', writeOnly: true, default: 'canary-pin' },
      },
    },
    nodes: {
      order: node('core/webhook', { path: 'whole' }),
      check: node('core/validate', {
        schema: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            note: { type: 'string', format: 'password' },
            lines: { type: 'array' },
          },
        },
      }),
      total: node('core/map', { expression: '{ "id": id, "sum": $sum(lines.qty) * $params.factor }' }),
      login: node('core/map', { expression: '{ "id": id, "said": "As " & $trigger.body.apiToken }' }),
      stamp: node('core/map', { expression: '{ "id": id, "at": $now() }' }),
      known: node('core/map', { expression: '{ "id": id, "unit": $lookup("units", "PCE") }' }),
      each: node('core/for-each', { items: '{% $trigger.body.lines %}' }),
      put: node('records/put', { type: 'line', id: '{% sku %}', data: '{% $ %}' }, { parent: 'each' }),
      wait: node('core/wait-for-signal', { channel: 'approvals', key: '{% $steps.total.id %}' }),
      end: node('core/map', { expression: '{ "by": payload.by, "sum": $steps.total.sum }' }),
    },
    edges: ['order', 'check', 'total', 'login', 'stamp', 'known', 'each', 'wait', 'end'].flatMap((to, index, all) =>
      index === 0 ? [] : [{ from: all[index - 1], to }],
    ),
  },
  layout: { nodes: {} },
  samples: {},
  tests: {},
  records: [{ id: 'line', title: 'Line', schema: { type: 'object' } }],
};

/** A run of a flow with all of it, as it ended. */
async function pastRun(payload: object): Promise<string> {
  const { body } = await call('POST', '/flows/whole/run', { payload });
  await instance.api.engine.settle();
  await call('POST', '/signals', { channel: 'approvals', key: 'A-1', payload: { by: `Ada, with ${secret}` } });
  await instance.api.engine.settle();
  const { status, error } = (await call('GET', `/runs/${body.runId}`)).body;
  expect({ status, error }).toEqual({ status: 'succeeded', error: null });
  return body.runId;
}

describe('R-X4 a test that is made of a run', () => {
  beforeAll(async () => {
    await call('PUT', '/code-tables/units', { title: 'Units' });
    await call('POST', '/code-tables/units/entries', { set: [{ key: 'PCE', value: 'piece' }] });
    const vault = { type: 'test/vault', name: 'Vault', config: { host: 'safe', password: secret } };
    await call('POST', '/connections', vault);
    const stored = await call('POST', '/flows', whole);
    expect(stored.body.problems).toEqual([]);
    expect((await call('POST', '/flows/whole/deploy', {})).status).toBe(200);
  });

  const payload = {
    id: 'A-1',
    apiToken: 'canary-token',
    note: 'canary-note',
    lines: [
      { sku: 'S-1', qty: 2 },
      { sku: 'S-2', qty: 3 },
    ],
  };

  test('passes at once, with a mock only where something else would come, and holds no secret', async () => {
    const answer = await call('POST', `/runs/${await pastRun(payload)}/test`);
    expect(misfits('post', '/runs/:id/test', answer)).toEqual([]);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
    expect(answer.body).toMatchObject({
      trigger: { node: 'order', payload: { id: 'A-1', apiToken: '[hidden]', note: '[hidden]' } },
      params: { factor: 2, pin: '[hidden]' },
      expect: {
        outcome: 'succeeded',
        steps: { known: { output: { unit: 'piece' } }, end: { status: 'done' } },
      },
    });
    // What reads something hidden or the time, what reached outside, the signal, and what reads its hidden words.
    expect(Object.keys(answer.body.mocks).sort()).toEqual(
      ['check', 'each', 'end', 'login', 'stamp', 'total', 'wait'].sort(),
    );
    await passes(answer.body);
  }, 120_000);

  test('has mocks for the passes of a loop, and what the flow computes by itself is checked', async () => {
    const { apiToken: _, note: __, ...plain } = payload;
    const { body } = await call('POST', `/runs/${await pastRun(plain)}/test`);
    expect(Object.keys(body.mocks).sort()).toEqual(['each[0]/put', 'each[1]/put', 'end', 'stamp', 'wait']);
    expect(body.expect.steps).toMatchObject({
      total: { port: 'out', output: { id: 'A-1', sum: 10 } },
      known: { output: { unit: 'piece' } },
    });
    await passes(body);
  }, 120_000);
});

/** The flow has it as its only test. */
async function passes(test: unknown): Promise<void> {
  const { body } = await call('GET', '/flows/whole');
  await call('PUT', '/flows/whole', { revision: body.revision, bundle: { ...whole, tests: { made: test } } });
  const { body: report } = await runTests('whole');
  expect(report.tests.flatMap(({ mismatches }: { mismatches: string[] }) => mismatches)).toEqual([]);
  expect(report).toMatchObject({ passed: 1, failed: 0 });
}
