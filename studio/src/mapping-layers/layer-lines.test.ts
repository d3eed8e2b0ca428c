import { expect, it } from 'vitest';
import { layerLines } from './layer-lines.ts';

const items = { to: 'lines', each: 'items', fields: [{ to: 'code', from: 'code' }] };
const mapping = {
  name: 'requisition',
  title: 'Requisition',
  core: [{ to: 'ref', from: 'id' }, items],
  versions: [
    {
      version: '2.3',
      status: 'ACTIVE',
      fields: [{ to: 'vessel', from: 'vessel_code' }],
      effective: [
        { to: 'ref', from: 'own_id' },
        { ...items, fields: [...items.fields, { to: 'extra', from: 'x' }] },
        { to: 'vessel', from: 'vessel_code' },
      ],
    },
  ],
  own: {
    id: 'a',
    action: 'edit',
    at: '2026-01-01T00:00:00Z',
    by: 'Ann',
    note: null,
    fields: [
      { to: 'ref', from: 'own_id' },
      { to: 'lines', fields: [{ to: 'extra', from: 'x' }] },
    ],
  },
} as never;

it('R-F7 each line in force says which layer it comes from, inside lists too', () => {
  expect(layerLines(mapping, '2.3').map(({ depth, to, from, layer }) => [depth, to, from, layer])).toEqual([
    [0, 'ref', 'own_id', 'own'],
    [0, 'lines', 'items', 'own'],
    [1, 'code', 'code', 'core'],
    [1, 'extra', 'x', 'own'],
    [0, 'vessel', 'vessel_code', 'version'],
  ]);
  expect(layerLines(mapping, '9.9')).toEqual([]);
});
