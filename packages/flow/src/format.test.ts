import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import type { FlowDocument } from './document.ts';
import { flow } from './flows.fixture.ts';
import { formatFlow } from './format.ts';

const example: FlowDocument = {
  ...flow('start > deliver, deliver.error > alarm, check > deliver, start > check'),
  description: 'Shows the form.',
  parameters: { type: 'object', properties: { due: { type: 'string', default: 'PT4H' } } },
};
const formatted = `{
  "format": 1,
  "id": "sample",
  "name": "Sample",
  "description": "Shows the form.",
  "parameters": {
    "type": "object",
    "properties": { "due": { "type": "string", "default": "PT4H" } }
  },
  "nodes": {
    "alarm": {
      "type": "test/work",
      "version": 1,
      "config": {}
    },
    "check": {
      "type": "test/work",
      "version": 1,
      "config": {}
    },
    "deliver": {
      "type": "test/work",
      "version": 1,
      "config": {}
    },
    "start": {
      "type": "test/hook",
      "version": 1,
      "config": {}
    }
  },
  "edges": [
    { "from": "check", "to": "deliver" },
    { "from": "deliver", "port": "error", "to": "alarm" },
    { "from": "start", "to": "check" },
    { "from": "start", "to": "deliver" }
  ]
}
`;

/** The same document with every object's keys in another order. */
function shuffled<T>(value: T, random: () => number): T {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, random)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [random(), name, shuffled(each, random)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, name, each]) => [name, each])) as T;
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271 + 11) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('the canonical form of a flow', () => {
  test('has keys in a fixed order, sorted nodes and edges, two spaces and a newline at the end', () => {
    expect(formatFlow(example)).toBe(formatted);
  });

  test('is the same bytes for the same flow, whatever the order of its keys, nodes and edges', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const other = shuffled(example, randomFrom(seed + 1));
        expect(formatFlow({ ...other, edges: other.edges.toReversed() })).toBe(formatted);
      }),
    );
  });

  test('formatted again is the same', () => {
    const config = { text: 'x'.repeat(130), list: [[1, 2], { a: null }], empty: {}, 'a"b': 'c\nd' };
    const document = flow('start > a', { a: { config } });
    const once = formatFlow(document);
    expect(formatFlow(JSON.parse(once))).toBe(once);
    expect(JSON.parse(once).nodes.a.config).toEqual(config);
  });

  test('names a node’s loop behind its title', () => {
    const text = formatFlow(flow('start > loop', { send: { parent: 'loop', title: 'Send' } }));
    expect(text).toContain('"title": "Send",\n      "parent": "loop",\n      "config": {}');
  });

  test('keeps to 120 columns where a value can be broken', () => {
    const fields = Array.from({ length: 9 }, (_, index) => ({
      to: `header.field_${index}`,
      from: `source.field_${index}`,
    }));
    const lines = formatFlow(flow('start > a', { a: { config: { fields } } })).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines).toContain('          { "to": "header.field_0", "from": "source.field_0" },');
  });
});

describe('canonical JSON', () => {
  test('of a flow does not depend on the order of its edges, and of a bundle not on that of its record types', () => {
    const { edges } = example;
    const turned = { ...example, edges: edges.toReversed() };
    expect(canonicalJson(turned)).toBe(canonicalJson(example));
    const records = ['b', 'a'].map((id) => ({ id, title: id, schema: {} }));
    expect(canonicalJson({ flow: turned, records })).toBe(
      canonicalJson({ flow: example, records: records.toReversed() }),
    );
  });

  test('keeps every list in order that is none of a flow’s own', () => {
    const config = (edges: object[]) => flow('start > a', { a: { config: { nodes: {}, edges } } });
    const edges = [
      { from: 'b', to: 'c' },
      { from: 'a', to: 'b' },
    ];
    expect(canonicalJson(config(edges))).not.toBe(canonicalJson(config(edges.toReversed())));
  });

  test('is one text for equal values', () => {
    expect(canonicalJson({ b: [1, { d: 'x', c: null }], a: 1.5 })).toBe('{"a":1.5,"b":[1,{"c":null,"d":"x"}]}');
  });
});
