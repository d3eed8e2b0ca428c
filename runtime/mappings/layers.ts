import type { FlowBundle, LayeredMapping } from '@millrace/flow';
import { type FieldMap, mergeLayers } from '@millrace/mapping';

/** The lines of a mapping in force for one of its versions, with what a tenant has laid over them. */
export function linesOf({ core, versions }: LayeredMapping, version: string, own: FieldMap = []): FieldMap {
  const layers = versions.filter((each) => each.version === version).map(({ fields }) => layerOf(fields));
  return mergeLayers([layerOf(core), ...layers, own]);
}

/** The bundle with a tenant's own lines in it, by mapping: what they make of it in an environment, as a flow of its own. */
export function withOwnLines(bundle: FlowBundle, own: ReadonlyMap<string, FieldMap>): FlowBundle {
  if (own.size === 0 || !bundle.mappings) return bundle;
  const mappings = bundle.mappings.map((mapping) => laidOver(mapping, own.get(mapping.name) ?? []));
  return { ...bundle, mappings };
}

function laidOver(mapping: LayeredMapping, own: FieldMap): LayeredMapping {
  const versions = mapping.versions.map((version) => {
    const fields = mergeLayers([layerOf(version.fields), own]);
    return { ...version, fields: fields as unknown as LayeredMapping['core'] };
  });
  return { ...mapping, versions };
}

/** Lines of a bundle that was checked. */
function layerOf(fields: LayeredMapping['core']): FieldMap {
  return fields as unknown as FieldMap;
}
