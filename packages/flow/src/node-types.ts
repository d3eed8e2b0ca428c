import type { CatalogueDescription, NodeDescription } from '@millrace/contract';

export function typesOf(catalogue: CatalogueDescription): ReadonlyMap<string, NodeDescription> {
  return new Map(catalogue.nodes.map((type) => [type.id, type]));
}

/** Stands in for types that the catalogue does not have. */
export const unknownType: NodeDescription = {
  kind: 'node',
  id: '',
  version: 1,
  title: '',
  summary: '',
  icon: '',
  config: {},
  outputs: { out: {} },
  examples: [],
};
