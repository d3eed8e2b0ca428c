import { ExactNumber } from '@millrace/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTables } from '../code-tables/open-tables.ts';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let table: string;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

let count = 0;
beforeEach(async () => {
  table = `units-${count++}`;
  const made = await instance.call('PUT', `/code-tables/${table}`, { title: 'Units' });
  expect(misfits('put', '/code-tables/:name', made)).toEqual([]);
});

const change = (body: object) => instance.call('POST', `/code-tables/${table}/entries`, body);
const entries = async (query = '') => {
  const answer = await instance.call('GET', `/code-tables/${table}/entries${query}`);
  expect(misfits('get', '/code-tables/:name/entries', answer)).toEqual([]);
  return answer.body;
};
const open = { validFrom: null, validTo: null };

describe('a code table', () => {
  test('takes entries, and gives them page by page with every digit', async () => {
    const set = '[{"key": "PCE", "value": "EA"}, {"key": "KGM", "value": {"factor": 1.00000000000000000001}}]';
    expect(await instance.call('POST', `/code-tables/${table}/entries`, `{"set": ${set}}`)).toMatchObject({
      body: { version: 2 },
    });
    const [kilo, piece] = [
      { key: 'KGM', value: { factor: new ExactNumber('1.00000000000000000001') }, ...open },
      { key: 'PCE', value: 'EA', ...open },
    ];
    expect(await entries('?limit=1')).toEqual({ entries: [kilo], next: 'KGM' });
    expect(await entries('?limit=10&after=KGM')).toEqual({ entries: [piece], next: null });
  });

  test('changes as a whole or not at all', async () => {
    await change({
      set: [
        { key: 'A', value: 1 },
        { key: 'B', value: 2 },
      ],
    });
    expect(await change({ set: [{ key: 'B', value: 3 }], remove: ['A'] })).toMatchObject({ status: 200 });
    expect(
      await change({
        set: [
          { key: 'C', value: 1 },
          { key: 'C', value: 2 },
        ],
      }),
    ).toMatchObject({ status: 400, body: { error: { code: 'CODE_ENTRY_TWICE' } } });
    expect(await entries()).toEqual({ entries: [{ key: 'B', value: 3, ...open }], next: null });
  });

  test('holds one value of a key on one day', async () => {
    const until = { key: 'food', value: 12, validTo: '2026-04-01' };
    expect(await change({ set: [until, { key: 'food', value: 6, validFrom: '2026-04-01' }] })).toMatchObject({
      status: 200,
    });
    expect(await change({ set: [until, { key: 'food', value: 6, validFrom: '2026-03-31' }] })).toMatchObject({
      body: { error: { code: 'CODE_ENTRY_OVERLAP' } },
    });
  });

  test.each([[{ validFrom: '2026-02-30' }], [{ validFrom: '2026-04-01', validTo: '2026-04-01' }]])(
    'refuses the period %j',
    async (period) => {
      expect(await change({ set: [{ key: 'A', value: 1, ...period }] })).toMatchObject({
        status: 400,
        body: { error: { code: 'CODE_ENTRY_INVALID', pointer: '/entries/0' } },
      });
    },
  );

  test('larger than evaluations can carry is refused', async () => {
    const set = Array.from({ length: 200 }, (_, n) => ({ key: `K${n}`, value: 'x'.repeat(6000) }));
    expect(await change({ set })).toMatchObject({ body: { error: { code: 'CODE_TABLE_TOO_LARGE' } } });
  });

  test('of another tenant does not exist', async () => {
    const headers = { 'x-api-key': instance.keys.other };
    await change({ set: [{ key: 'A', value: 1 }] });
    expect(await instance.call('GET', `/code-tables/${table}/entries`, undefined, headers)).toMatchObject({
      status: 404,
    });
    expect(await instance.call('POST', `/code-tables/${table}/entries`, { set: [] }, headers)).toMatchObject({
      status: 404,
    });
    expect(await instance.call('POST', `/code-tables/${table}/delete`, {}, headers)).toMatchObject({ status: 404 });
    expect((await instance.call('GET', '/code-tables', undefined, headers)).body).toEqual({ tables: [] });
  });

  test('is listed with its size, and gone when it is deleted', async () => {
    await change({ set: [{ key: 'A', value: 1 }] });
    const list = await instance.call('GET', '/code-tables');
    expect(misfits('get', '/code-tables', list)).toEqual([]);
    expect(list.body.tables).toContainEqual(
      expect.objectContaining({ name: table, title: 'Units', version: 2, entries: 1 }),
    );
    expect(await instance.call('POST', `/code-tables/${table}/delete`, {})).toMatchObject({ status: 200 });
    expect(await instance.call('GET', `/code-tables/${table}/entries`)).toMatchObject({ status: 404 });
  });
});

describe('CSV', () => {
  const load = (csv: string, mode = 'replace') => instance.call('POST', `/code-tables/${table}/import`, { csv, mode });

  test('comes out as it went in', async () => {
    const csv =
      'key,value,json,valid_from,valid_to\n"a,""b""",Räksmörgås,,,\nfood,,12,,2026-04-01\nfood,,6,2026-04-01,\nnone,,"""""",,\n';
    expect(await load(csv)).toMatchObject({ status: 200 });
    expect((await instance.call('GET', `/code-tables/${table}/export`)).body).toEqual({ csv });
  });

  test('may be of two columns with semicolons', async () => {
    await load('\ufeffKey;Value\r\nPCE;EA\r\n007;x\r\n');
    expect((await entries()).entries).toEqual([
      { key: '007', value: 'x', ...open },
      { key: 'PCE', value: 'EA', ...open },
    ]);
  });

  test('replaces all, or only what it brings', async () => {
    await load('key,value\nA,1\nB,2\n');
    await load('key,value\nB,3\n', 'merge');
    expect((await entries()).entries).toHaveLength(2);
    await load('key,value\nB,4\n');
    expect((await entries()).entries).toEqual([{ key: 'B', value: '4', ...open }]);
  });

  test.each([
    'code,name\nA,1\n',
    'key\nA\n',
    'key,value\nA,"1\n',
    'key,value\nA,1,2\n',
    'key,json\nA,{\n',
    'key,value\n,1\n',
    '',
  ])('%j is refused, and nothing is changed', async (csv) => {
    await load('key,value\nA,1\n');
    expect(await load(csv)).toMatchObject(
      csv === '' ? { status: 200 } : { status: 400, body: { error: { code: 'CSV_INVALID' } } },
    );
  });
});

test('evaluations get a table as it is now, read again only when it has changed', async () => {
  const { database } = instance.api;
  const tables = openTables(database);
  const of = { tenant: instance.tenants.acme.id, environment: 'production' };
  const load = () => tables.load(of, [table, 'not-there']);
  await change({ set: [{ key: 'A', value: 1, validTo: '2026-04-01' }] });
  const first = await load();
  expect(first).toEqual({ [table]: { A: [{ value: 1, to: '2026-04-01' }] } });
  expect((await load())[table]).toBe(first[table]);
  await change({ set: [{ key: 'A', value: 2 }] });
  expect(await load()).toEqual({ [table]: { A: [{ value: 2 }] } });
  expect(await tables.load({ ...of, tenant: instance.tenants.other.id }, [table])).toEqual({});
  expect(await tables.load({ ...of, environment: 'sandbox' }, [table])).toEqual({});
});

describe('a code table that a flow brings along', () => {
  const shipped = (entries: object[]) => ({ name: 'excise', title: 'Excise', entries });
  const excise = () => instance.call('GET', '/code-tables/excise/entries');

  test('is there when the flow is deployed, and stays the tenant’s own from then on', async () => {
    const bundle = {
      ...orderFlow('taxed'),
      tables: [shipped([{ key: 'WINE', value: 29.58, validFrom: '2024-01-01' }])],
    };
    expect(await instance.call('POST', '/flows', bundle)).toMatchObject({ status: 201 });
    expect((await instance.call('GET', '/flows/taxed')).body.bundle.tables).toEqual(bundle.tables);
    expect(await instance.call('POST', '/flows/taxed/deploy', {})).toMatchObject({ status: 200 });
    const entry = { key: 'WINE', value: 29.58, validFrom: '2024-01-01', validTo: null };
    expect((await excise()).body.entries).toEqual([entry]);
    await instance.call('POST', '/code-tables/excise/entries', { set: [{ key: 'WINE', value: 30 }] });
    expect(await instance.call('POST', '/flows/taxed/deploy', {})).toMatchObject({ status: 200 });
    expect((await excise()).body.entries).toMatchObject([{ key: 'WINE', value: 30 }]);
  });

  test('that is wrong is refused with its place', async () => {
    const bundle = { ...orderFlow('wrong'), tables: [shipped([{ key: 'WINE', value: 1, validFrom: 'soon' }])] };
    expect(await instance.call('POST', '/flows', bundle)).toMatchObject({
      status: 400,
      body: {
        error: {
          problems: expect.arrayContaining([expect.objectContaining({ pointer: '/tables/0/entries/0/validFrom' })]),
        },
      },
    });
  });
});

test('a code table tells which flows look something up in it', async () => {
  const bundle = orderFlow(`uses-${table}`, { path: table });
  const map = { type: 'core/map', version: 1, config: { expression: `$lookup("${table}", "PCE")` } };
  const flow = {
    ...bundle.flow,
    nodes: { ...bundle.flow.nodes, map },
    edges: [...bundle.flow.edges, { from: 'check', to: 'map' }],
  };
  expect((await instance.call('POST', '/flows', { ...bundle, flow })).status).toBe(201);
  const uses = async () => (await instance.call('GET', `/code-tables/${table}/uses`)).body.flows;
  expect(await uses()).toEqual([]);
  const deployed = await instance.call('POST', `/flows/${bundle.flow.id}/deploy`, {});
  expect(deployed, JSON.stringify(deployed.body)).toMatchObject({ status: 200 });
  expect(await uses()).toEqual([{ id: bundle.flow.id, name: 'Orders' }]);
});
