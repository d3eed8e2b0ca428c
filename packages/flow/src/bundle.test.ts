import { readJson, writeJson } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { explode, implode, unpack } from './bundle.ts';
import type { FlowBundle } from './document.ts';
import { flow } from './flows.fixture.ts';

const long = `{%\n  {\n    "id": id,\n    "note": "${'a long text '.repeat(20)}"\n  }\n%}`;
const bundle: FlowBundle = {
  flow: flow('a > loop, start > a', {
    a: { config: { text: long, list: [{ text: long }], short: '{% id %}' } },
    send: { parent: 'loop', config: { text: long } },
  }),
  layout: { nodes: { start: { x: 0, y: 0 }, a: { x: 200, y: 0 } } },
  samples: { order: readJson('{ "price": 0.1000000000000000000001 }') },
  tests: { 'order goes through': { name: 'order goes through' } },
  records: [{ id: 'erp-export', title: 'ERP export', schema: { type: 'object' } }],
  tables: [{ name: 'units', title: 'Units', entries: [{ key: 'PCE', value: 'ST', validFrom: '2026-01-01' }] }],
  mappings: [
    {
      name: 'requisition',
      title: 'Requisition',
      core: [{ to: 'externalRef', from: 'id' }],
      versions: [{ version: '2.3', status: 'ACTIVE', fields: [{ to: 'vessel', from: 'vessel_code' }] }],
    },
  ],
};

/** One folder with the given files beside a sound `flow.json`. */
const problemsOf = (files: Record<string, string>) => implode({ ...explode(bundle), ...files }).problems;

describe('the folder of a flow', () => {
  test('has a file for everything that belongs to it', () => {
    expect(Object.keys(explode(bundle))).toEqual([
      'flow.json',
      'a.text.jsonata',
      'a.list.0.text.jsonata',
      'send.text.jsonata',
      'layout.json',
      'samples/order.json',
      'tests/order goes through.json',
      'records/erp-export.json',
      'tables/units.json',
      'mappings/requisition.json',
    ]);
  });

  test('holds long texts in files of their own, ended by a newline', () => {
    const files = explode(bundle);
    expect(files['a.text.jsonata']).toBe(`${long}\n`);
    expect(JSON.parse(files['flow.json'] ?? '').nodes.a.config.text).toEqual({ $file: 'a.text.jsonata' });
  });

  test('makes the same bundle again, numbers to the last digit', () => {
    const { bundle: again, problems } = implode(explode(bundle));
    expect(problems).toEqual([]);
    expect(again).toEqual(bundle);
    expect(writeJson(again?.samples.order as never)).toContain('0.1000000000000000000001');
  });

  test('written again is the same bytes', () => {
    const files = explode(bundle);
    expect(explode(implode(files).bundle as FlowBundle)).toEqual(files);
  });

  test('needs no more than flow.json, and files that are none of its own are left alone', () => {
    const { bundle: read, problems } = implode({
      'flow.json': explode({ ...bundle, flow: flow('start > a') })['flow.json'] ?? '',
      'README.md': '#',
    });
    expect(problems).toEqual([]);
    expect(read).toMatchObject({ layout: { nodes: {} }, samples: {}, tests: {}, records: [] });
  });

  test('with several mistakes reports all of them with file and place, and gives no bundle', () => {
    const found = implode({
      ...explode(bundle),
      'a.text.jsonata': undefined as never,
      'layout.json': '{ "nodes": { "a": { "x": "left", "y": 0 } } }',
      'samples/broken.json': '{',
      'records/bad.json': '{ "id": "bad" }',
      'tables/bad.json':
        '{ "name": "bad", "title": "Bad", "entries": [{ "key": "a", "value": 1, "validTo": "soon" }] }',
      'mappings/bad.json': '{ "name": "bad", "title": "Bad", "core": [], "versions": [{ "version": "two" }] }',
    });
    expect(found.bundle).toBeUndefined();
    expect(found.problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'FILE_MISSING flow.json#/nodes/a/config/text',
      'LAYOUT_MALFORMED layout.json#/nodes/a/x',
      'BAD_JSON samples/broken.json',
      'RECORD_TYPE_MALFORMED records/bad.json#/title',
      'RECORD_TYPE_MALFORMED records/bad.json#/schema',
      'CODE_TABLE_MALFORMED tables/bad.json#/entries/0/validTo',
      'MAPPING_MALFORMED mappings/bad.json#/versions/0/status',
      'MAPPING_MALFORMED mappings/bad.json#/versions/0/fields',
      'MAPPING_MALFORMED mappings/bad.json#/versions/0/version',
    ]);
  });

  test('without a flow.json, or with one that is no JSON, is no flow', () => {
    expect(implode({}).problems).toMatchObject([{ code: 'FILE_MISSING', pointer: 'flow.json' }]);
    expect(problemsOf({ 'flow.json': 'nodes:' })).toMatchObject([{ code: 'BAD_JSON', pointer: 'flow.json' }]);
    expect(problemsOf({ 'flow.json': '[]' })).toMatchObject([{ code: 'FLOW_MALFORMED', pointer: 'flow.json' }]);
  });

  test('is never written to outside: a name that would leave it is refused', () => {
    for (const name of ['../../etc/passwd', 'a/b', '.hidden', '']) {
      expect(() => explode({ ...bundle, samples: { [name]: 1 } })).toThrow(/can be no file's name/);
    }
  });

  test('holds a draft that is malformed in its nodes as it is', () => {
    const nodes = { a: { type: 'test/work' }, b: 5 };
    const files = explode({ ...bundle, flow: { ...bundle.flow, nodes: nodes as never } });
    expect(JSON.parse(files['flow.json'] ?? '').nodes).toEqual(nodes);
  });
});

describe('an exported bundle', () => {
  test('of which only the flow is there has nothing in its other parts', () => {
    expect(unpack({ flow: { id: 'a' } })).toEqual({
      bundle: { flow: { id: 'a' }, layout: { nodes: {} }, samples: {}, tests: {}, records: [] },
      problems: [],
    });
  });

  test('with parts of another kind reports all of them, and gives no bundle', () => {
    const { bundle, problems } = unpack({ flow: {}, samples: 5, records: [{}], layout: { nodes: { a: { x: 1 } } } });
    expect(bundle).toBeUndefined();
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
      'BUNDLE_MALFORMED /layout/nodes/a/y',
      'BUNDLE_MALFORMED /records/0/id',
      'BUNDLE_MALFORMED /samples',
    ]);
  });
});
