import { expect, test } from 'vitest';
import { readBundle } from './bundle-file.ts';

const flow = { format: 1, id: 'f', name: 'F', nodes: {}, edges: [] };

test('a bundle is taken as it is, a bare flow gets empty companions', () => {
  const bundle = { flow, layout: { nodes: {} }, samples: { order: { id: 1 } }, tests: {}, records: [] };
  expect(readBundle(JSON.stringify(bundle))).toEqual({ bundle });
  expect(readBundle(JSON.stringify(flow))).toEqual({ bundle: { ...bundle, samples: {} } });
});

test('what is no flow is refused with the reason', () => {
  expect(readBundle('{"flow":')).toEqual({ problem: 'notJson' });
  expect(readBundle('[1]')).toEqual({ problem: 'notBundle' });
  expect(readBundle('{"name":"x"}')).toEqual({ problem: 'notBundle' });
});

test('a number that a double would round is kept through import', () => {
  const read = readBundle(
    JSON.stringify({ flow, samples: {} }).replace('"samples":{}', '"samples":{"a":9007199254740993}'),
  );
  expect('bundle' in read && String(read.bundle.samples.a)).toBe('9007199254740993');
});
