import type { FlowBundle } from '../api/types.ts';

const longestId = 64;

/** An id for a flow of that name, which no other flow has. */
export function idOf(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, longestId - 4);
  const base = plain === '' ? 'flow' : plain;
  let id = base;
  for (let next = 2; taken.includes(id); next++) id = `${base}-${next}`;
  return id;
}

/** A flow of which there is nothing yet but its name. */
export function emptyBundle(id: string, name: string): FlowBundle {
  return {
    flow: { format: 1, id, name, nodes: {}, edges: [] },
    layout: { nodes: {} },
    samples: {},
    tests: {},
    records: [],
  };
}
