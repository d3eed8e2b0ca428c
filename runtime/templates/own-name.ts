import type { CatalogueDescription, Json } from '@millrace/contract';
import { type FlowBundle, type FlowDocument, pointer, replaceParts } from '@millrace/flow';
import { flowsNamed } from '../flows/flows-named.ts';

/**
 * The bundle as a flow of another id and name. Where it means itself, in the config of its nodes or as the writer of its
 * records, it does so under the new id; other flows, record types, tables and channels are shared, and stay.
 */
export function named(
  bundle: FlowBundle,
  { id, name }: Pick<FlowDocument, 'id' | 'name'>,
  types: CatalogueDescription,
): FlowBundle {
  const { flow, records } = bundle;
  const own = (text: string) => (text === flow.id ? id : text);
  const itself = flowsNamed(flow, types).filter((each) => each.id === flow.id);
  const places = new Set(itself.map(({ pointer }) => pointer));
  const nodes = replaceParts(flow.nodes as unknown as Json, ['nodes'], (_part, path) =>
    places.has(pointer(...path)) ? id : undefined,
  );
  return {
    ...bundle,
    flow: { ...flow, id, name, nodes: nodes as unknown as FlowDocument['nodes'] },
    records: records.map((type) => (type.writers ? { ...type, writers: type.writers.map(own) } : type)),
  };
}
