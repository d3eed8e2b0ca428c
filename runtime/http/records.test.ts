import { ExactNumber } from '@millrace/contract';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordRoutes } from './records.ts';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;

/** Webhook → validate → kept as a record of type `order`. */
beforeAll(async () => {
  instance = await startInstance();
  const bundle = orderFlow('keeper', { path: 'keep' });
  const keep = { type: 'records/put', version: 1, config: { type: 'order', id: '{% id %}', data: '{% $ %}' } };
  const lifecycle = { field: 'state', initial: 'OPEN', transitions: { OPEN: ['DONE'], DONE: [] } };
  const schema = { type: 'object', properties: { state: { type: 'string' } } };
  await instance.call('POST', '/flows', {
    ...bundle,
    flow: {
      ...bundle.flow,
      nodes: { ...bundle.flow.nodes, keep },
      edges: [...bundle.flow.edges, { from: 'check', to: 'keep' }],
    },
    records: [{ id: 'order', title: 'Order', schema, lifecycle }],
  });
  expect(await instance.call('POST', '/flows/keeper/deploy', {})).toMatchObject({ status: 200 });
  for (const [n, port] of ['Piraeus', 'Hamburg', 'Piraeus', 'Oslo', 'Piraeus'].entries())
    await instance.call(
      'POST',
      '/hooks/acme/keep',
      `{"id": "O-${n}", "qty": ${n + 1}, "ship": {"port": "${port}"}, "price": 1.00000000000000000${n}1}`,
    );
});
afterAll(() => instance?.stop());

const ids = ({ body }: { body: { records: { id: string }[] } }) => body.records.map(({ id }) => id);
const get = (path: string) => instance.call('GET', `/records/order${path}`);

test('records are listed newest first, page by page', async () => {
  const first = await get('?limit=2');
  expect(Value.Errors(recordRoutes[0]?.answers[200]?.schema as never, first.body)).toEqual([]);
  const second = await get(`?limit=2&before=${first.body.next}`);
  const third = await get(`?limit=2&before=${second.body.next}`);
  expect([first, second, third].map(ids)).toEqual([['O-4', 'O-3'], ['O-2', 'O-1'], ['O-0']]);
  expect(third.body.next).toBeNull();
});

test.each([
  ['?ship.port=Piraeus', ['O-4', 'O-2', 'O-0']],
  ['?qty=2', ['O-1']],
  ['?ship.port=Piraeus&qty=3', ['O-2']],
  ['?qty=many', []],
  ["?ship.port=' or true --", []],
])('records can be found by what they hold: %s', async (query, expected) => {
  expect(ids(await get(query))).toEqual(expected);
});

test('a record is told with its history, its decimals exact', async () => {
  const answer = await get('/O-1');
  expect(Value.Errors(recordRoutes[1]?.answers[200]?.schema as never, answer.body)).toEqual([]);
  expect(answer.body).toMatchObject({ version: 1, data: { state: 'OPEN' }, history: [{ from: null, to: 'OPEN' }] });
  expect(answer.body.data.price).toEqual(new ExactNumber('1.0000000000000000011'));
});

test('a record that is not there, and one of another tenant, do not exist', async () => {
  expect((await get('/O-9')).status).toBe(404);
  expect(
    (await instance.call('GET', '/records/order/O-1', undefined, { 'x-api-key': instance.keys.other })).status,
  ).toBe(404);
});

test('record types of an environment are listed with their life cycle and how many records there are', async () => {
  const answer = await instance.call('GET', '/records');
  expect(misfits('get', '/records', answer)).toEqual([]);
  expect(answer.body.types).toMatchObject([
    { id: 'order', title: 'Order', records: 5, lifecycle: { initial: 'OPEN', transitions: { OPEN: ['DONE'] } } },
  ]);
  expect((await instance.call('GET', '/records?environment=sandbox')).body.types).toEqual([]);
});
