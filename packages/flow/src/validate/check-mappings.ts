import type { Json, JsonObject, MappingFields, Problem } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import type { FlowGraphs, GraphNode } from '../graph.ts';
import { pointer } from '../pointer.ts';
import { isFixed, knownData, type Schemas } from './known-data.ts';

/**
 * Holds a mapping against the JSON Schemas of what it reads and of what it makes; problems with pointers into the
 * mapping. `checkMapping` of the mapping package is one.
 */
export type MappingCheck = (mapping: Mapping, sources: MappingSources) => readonly Problem[];

type Part = keyof MappingFields;
type Mapping = Readonly<Partial<Record<Part, Json>>>;

interface MappingSources {
  readonly input: Schemas;
  /** Of what started the run. */
  readonly trigger: Schemas;
  readonly params: Json | undefined;
  output(node: string): Schemas;
}

/** Checks every mapping against what the nodes before it are known to give. */
export function checkMappings(document: FlowDocument, graphs: FlowGraphs, check: MappingCheck): readonly Problem[] {
  const mappings = [...graphs.nodes.values()].filter(({ node, type }) => type.mapping && type.version === node.version);
  if (mappings.length === 0) return [];
  const { inputOf, outputOf, payload } = knownData(graphs);
  const params = document.parameters as Json | undefined;
  return mappings.flatMap((each) =>
    checkNode(each, { input: inputOf(each.id), trigger: payload, params, output: outputOf }, check),
  );
}

function checkNode({ id, node, type }: GraphNode, sources: MappingSources, check: MappingCheck): readonly Problem[] {
  const places = type.mapping;
  const mapping = places && mappingIn(node.config as JsonObject, places);
  if (!mapping) return [];
  return check(mapping, sources).map((problem) => {
    const [, part = '', inner = ''] = /^\/([^/]*)(.*)$/.exec(problem.pointer) ?? [];
    return { ...problem, pointer: `${pointer('nodes', id, 'config', places[part as Part])}${inner}` };
  });
}

/** The mapping as it is written; nothing where an expression of the flow makes it what it is. */
function mappingIn(config: JsonObject, places: MappingFields): Mapping | undefined {
  const parts = (['expression', 'fields', 'target'] as const).flatMap((part) => {
    const value = config[places[part]];
    return value === undefined ? [] : [[part, value] as const];
  });
  return parts.every(([, value]) => isFixed(value)) ? Object.fromEntries(parts) : undefined;
}
