import type { Json, JsonObject, MappingFields, Problem } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import type { FlowGraphs, GraphNode } from '../graph.ts';
import { pointer } from '../pointer.ts';
import { expressionPlaces } from './expression-places.ts';
import { isFixed } from './known-data.ts';
import { type ExpressionSources, sourcesIn } from './sources.ts';

/**
 * Holds expressions against the JSON Schemas of what they read and make: `examineMapping` and `examineExpression` of the
 * mapping package.
 */
export interface TypeChecks {
  /** Pointers are into the mapping. */
  mapping(mapping: Mapping, sources: ExpressionSources): Examined;
  /** Pointers are empty. */
  expression(text: string, sources: ExpressionSources): Examined;
}

/** What is found out about expressions from the types of what they see. */
export interface Examined {
  readonly problems: readonly Problem[];
  /** Fields that are read from what nothing is known of, so that nobody can tell whether they are there. */
  readonly open: readonly OpenField[];
}

export interface OpenField extends Pick<Problem, 'pointer' | 'range'> {
  readonly name: string;
}

type Part = keyof MappingFields;
type Mapping = Readonly<Partial<Record<Part, Json>>>;

/** Examines every mapping, and every expression outside of one, by what the nodes before are known to give. */
export function examineExpressions(document: FlowDocument, graphs: FlowGraphs, checks: TypeChecks): Examined {
  const sourcesAt = sourcesIn(document, graphs);
  const examined = [...graphs.nodes.values()]
    .filter(({ node, type }) => type.version === node.version)
    .flatMap((each) => examineNode(each, sourcesAt, checks));
  return { problems: examined.flatMap(({ problems }) => problems), open: examined.flatMap(({ open }) => open) };
}

function examineNode(
  each: GraphNode,
  sourcesAt: (node: GraphNode) => ExpressionSources,
  checks: TypeChecks,
): readonly Examined[] {
  const { id, node, type } = each;
  const config = node.config as JsonObject;
  const inMapping = type.mapping ? Object.values(type.mapping).map((name) => pointer('nodes', id, 'config', name)) : [];
  const places = expressionPlaces(type.config, config, pointer('nodes', id, 'config')).filter(
    (place) => !inMapping.some((at) => place.pointer === at || place.pointer.startsWith(`${at}/`)),
  );
  if (!type.mapping && places.length === 0) return [];
  const sources = sourcesAt(each);
  const mapping = type.mapping && mappingIn(config, type.mapping);
  return [
    ...(mapping ? [moved(checks.mapping(mapping, sources), (at) => placeInConfig(each, at))] : []),
    ...places.map(({ text, isOfInput, pointer: at }) => {
      const seen = isOfInput ? sources : { ...sources, input: undefined };
      return moved(checks.expression(text, seen), (inner) => at + inner);
    }),
  ];
}

/** A pointer into a mapping, as one into the document. */
function placeInConfig({ id, type }: GraphNode, at: string): string {
  const [, part = '', inner = ''] = /^\/([^/]*)(.*)$/.exec(at) ?? [];
  return `${pointer('nodes', id, 'config', type.mapping?.[part as Part] ?? part)}${inner}`;
}

function moved({ problems, open }: Examined, move: (pointer: string) => string): Examined {
  const to = <T extends { readonly pointer: string }>(each: T): T => ({ ...each, pointer: move(each.pointer) });
  return { problems: problems.map(to), open: open.map(to) };
}

/** The mapping as it is written; nothing where an expression of the flow makes it what it is. */
function mappingIn(config: JsonObject, places: MappingFields): Mapping | undefined {
  const parts = (['expression', 'fields', 'target'] as const).flatMap((part) => {
    const value = config[places[part]];
    return value === undefined ? [] : [[part, value] as const];
  });
  return parts.every(([, value]) => isFixed(value)) ? Object.fromEntries(parts) : undefined;
}
