import type { CatalogueDescription, JsonObject } from '@millrace/contract';
import { pointer } from './pointer.ts';
import { graphsOf } from './resolve-graph.ts';
import { expressionPlaces } from './validate/expression-places.ts';
import { readableFlow } from './validate/readable.ts';
import { type ExpressionSources, sourcesIn } from './validate/sources.ts';

/** An expression of a flow. */
export interface FlowExpression {
  readonly node: string;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** JSONata, without braces. */
  readonly text: string;
}

/**
 * Every expression of a flow, node by node; paths in other notations are none. What is malformed in the document is left
 * out.
 */
export function expressionsOf(document: unknown, catalogue: CatalogueDescription): readonly FlowExpression[] {
  const flow = readableFlow(document);
  if (!flow) return [];
  return [...graphsOf(flow, catalogue).nodes.values()].flatMap(({ id, node, type }) =>
    expressionPlaces(type.config, node.config as JsonObject, pointer('nodes', id, 'config')).map((place) => ({
      node: id,
      pointer: place.pointer,
      text: place.text,
    })),
  );
}

/** What is known of what the expressions of a node read, for an editor; nothing for a node that is not there. */
export function sourcesAt(
  document: unknown,
  catalogue: CatalogueDescription,
  node: string,
): ExpressionSources | undefined {
  const flow = readableFlow(document);
  if (!flow) return undefined;
  const graphs = graphsOf(flow, catalogue);
  const at = graphs.nodes.get(node);
  return at && sourcesIn(flow, graphs)(at);
}
