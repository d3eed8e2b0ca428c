import type { Json } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import type { FlowGraphs, GraphNode } from '../graph.ts';
import { knownData, type Schemas } from './known-data.ts';
import { namesIn } from './names-at.ts';

/** What is known of what an expression of a node reads. */
export interface ExpressionSources {
  /** `$` */
  readonly input: Schemas;
  /** `$trigger.body` */
  readonly trigger: Schemas;
  /** `$steps.<node>` */
  output(node: string): Schemas;
  /** JSON Schema of `$params`. */
  readonly params: Json | undefined;
  /** The nodes that come before. */
  readonly steps: readonly string[];
  /** Names that there are, without the `$`. */
  readonly names: readonly string[];
}

/** Tells of each node of a flow what is known of what its expressions read. */
export function sourcesIn(document: FlowDocument, graphs: FlowGraphs): (node: GraphNode) => ExpressionSources {
  const { inputOf, outputOf, payload } = knownData(graphs);
  const namesAt = namesIn(graphs);
  const params = document.parameters as Json | undefined;
  return (node) => {
    const { before, variables } = namesAt(node);
    const steps = [...before].sort();
    return { input: inputOf(node.id), trigger: payload, output: outputOf, params, steps, names: variables };
  };
}
