import type { LayeredMapping } from '@millrace/flow';
import { type FieldMap, mergeLayers } from '@millrace/mapping';

/** The lines of a mapping in force for one of its versions, with what a tenant has laid over them. */
export function linesOf({ core, versions }: LayeredMapping, version: string, own: FieldMap = []): FieldMap {
  const layers = versions.filter((each) => each.version === version).map(({ fields }) => layerOf(fields));
  return mergeLayers([layerOf(core), ...layers, own]);
}

/** Lines of a bundle that was checked. */
function layerOf(fields: LayeredMapping['core']): FieldMap {
  return fields as unknown as FieldMap;
}
