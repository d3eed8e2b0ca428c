import { readJson } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import type { FlowBundle, FlowDocument } from '../document.ts';
import { flow } from '../flows.fixture.ts';
import { difference } from './difference.ts';
import { sentenceOf } from './sentence.ts';

const bundle = (document: FlowDocument, more: Partial<FlowBundle> = {}): FlowBundle => ({
  flow: document,
  layout: { nodes: {} },
  samples: {},
  tests: {},
  records: [],
  ...more,
});
const node = (a: object) => bundle(flow('start > a', { a }));
const sentences = (before: FlowBundle, after: FlowBundle) => difference(before, after).map(sentenceOf);

describe('R-X1 the difference of two flows in sentences', () => {
  test.each([
    ['a new node with its edge', flow('start > a, a.bad > b'), ['The node “b” is new.', 'The edge a.bad → b is new.']],
    ['a node that is gone', { ...flow('start > a'), nodes: flow('start > start').nodes }, ['The node “a” is gone.']],
    ['a title', flow('start > a', { a: { title: 'Send' } }), ['The title of the node “a” is new: "Send".']],
    [
      'how often it is tried',
      flow('start > a', { a: { retry: { attempts: 3 } } }),
      ['How the node “a” is tried again is new: {"attempts":3}.'],
    ],
    [
      'a parameter and a slot, where there were none',
      {
        ...flow('start > a'),
        parameters: { properties: { due: { default: '1h' } } },
        connections: { box: { type: 'test/folder' } },
      },
      ['The parameter “due” is new: {"default":"1h"}.', 'The connection slot “box” is new: {"type":"test/folder"}.'],
    ],
    ['the node for errors', { ...flow('start > a'), onError: 'a' }, ['The node for errors is new: "a".']],
    ['the name', { ...flow('start > a'), name: 'Orders' }, ['The flow, at /name, changes from "Sample" to "Orders".']],
  ])('%s', (_, after, expected) => {
    expect(sentences(bundle(flow('start > a')), bundle(after))).toEqual(expect.arrayContaining(expected));
  });

  test('names what is new, gone or other of record types, code tables, tests and samples', () => {
    const before = bundle(flow('start > a'), { tests: { good: { name: 'good' } }, samples: { order: { qty: 1 } } });
    const after = bundle(flow('start > a'), {
      samples: { order: { qty: readJson('1.0000000000000000001') } },
      records: [{ id: 'export', title: 'Export', schema: {} }],
      tables: [{ name: 'units', title: 'Units', entries: [] }],
    });
    expect(sentences(before, after).sort()).toEqual([
      'The code table “units” is new.',
      'The record type “export” is new.',
      'The sample “order”, at /qty, changes from 1 to 1.0000000000000000001.',
      'The test “good” is gone.',
    ]);
  });

  test('R-F6 names the line of a layer that changes', () => {
    const layered = (from: string) => ({
      name: 'requisition',
      title: 'Requisition',
      core: [{ to: 'externalRef', from: 'id' }],
      versions: [{ version: '2.3', status: 'ACTIVE' as const, fields: [{ to: 'vessel', from }] }],
    });
    const [before, after] = ['vessel_code', 'imo'].map((from) =>
      bundle(flow('start > a'), { mappings: [layered(from)] }),
    );
    expect(sentences(before as FlowBundle, after as FlowBundle)).toEqual([
      'The mapping “requisition”, at /versions/2.3/fields/vessel/from, changes from "vessel_code" to "imo".',
    ]);
  });

  test('tells of a long text the stretch that is another', () => {
    const text = (name: string) => node({ config: { text: `{% $steps.${'x'.repeat(90)}.${name} & id %}` } });
    expect(sentences(text('old'), text('new'))).toEqual([
      'The config of the node “a”, at /text, has "new" in the place of "old" at character 101.',
    ]);
  });
});

describe('R-X1 lines of a field map in a difference', () => {
  const fields = (...lines: object[]) => node({ config: { fields: lines } });
  const [id, date] = [
    { to: 'id', from: 'id' },
    { to: 'header.date', from: 'date' },
  ];

  test('are found by their target, wherever they stand', () => {
    expect(difference(fields(id, date), fields({ to: 'new', from: 'x' }, id, { ...date, from: 'day' }))).toEqual([
      {
        kind: 'config',
        name: 'a',
        action: 'changed',
        pointer: '/flow/nodes/a/config/fields/header.date/from',
        field: '/fields/header.date/from',
        before: 'date',
        after: 'day',
        edit: { from: 2, before: 'te', after: 'y' },
      },
      {
        kind: 'config',
        name: 'a',
        action: 'added',
        pointer: '/flow/nodes/a/config/fields/new',
        field: '/fields/new',
        after: { to: 'new', from: 'x' },
      },
    ]);
  });

  test('in another order are one change', () => {
    expect(difference(fields(id, date), fields(date, id))).toMatchObject([
      { action: 'reordered', field: '/fields', before: ['id', 'header.date'], after: ['header.date', 'id'] },
    ]);
  });
});
