import type { CatalogueDescription } from '@millrace/contract';
import { AnyJson, JsonataText } from '@millrace/contract';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { checkFlow } from './check-flow.ts';

const catalogue: CatalogueDescription = {
  nodes: [
    {
      kind: 'trigger',
      id: 'core/manual',
      version: 1,
      title: 'By hand',
      summary: '',
      icon: '',
      config: Type.Object({}),
      outputs: { out: AnyJson },
      examples: [],
    },
    {
      kind: 'node',
      id: 'core/map',
      version: 1,
      title: 'Map',
      summary: '',
      icon: '',
      config: Type.Object({ expression: JsonataText() }),
      input: AnyJson,
      outputs: { out: AnyJson },
      effect: 'pure',
      mapping: { expression: 'expression', fields: 'fields', target: 'target' },
      examples: [],
    },
  ],
  connections: [],
};
const flow = {
  format: 1 as const,
  id: 'orders',
  name: 'Orders',
  nodes: {
    start: { type: 'core/manual', version: 1, config: {} },
    map: { type: 'core/map', version: 1, config: { expression: '$steps.start.id' } },
  },
  edges: [{ from: 'start', to: 'map' }],
};

test('R-X4 the rules of flows hold in the browser: graph, settings and expressions', () => {
  expect(checkFlow(flow, catalogue)).toEqual([]);
  const wrong = {
    ...flow,
    nodes: { ...flow.nodes, map: { ...flow.nodes.map, config: { expression: '$steps.gone & ' } } },
    edges: [...flow.edges, { from: 'map', to: 'nowhere' }],
  };
  const codes = checkFlow(wrong, catalogue).map(({ code, pointer }) => `${code} ${pointer}`);
  expect(codes).toContainEqual(expect.stringMatching(/^EXPRESSION_PARSE \/nodes\/map\/config\/expression/));
  expect(codes).toContainEqual(expect.stringMatching(/\/edges\/1/));
});
