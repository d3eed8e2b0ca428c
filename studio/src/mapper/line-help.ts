import { type CatalogueDescription, isObject, type Json } from '@millrace/contract';
import { type FlowDocument, sourcesAt } from '@millrace/flow';
import { type Environment, environmentInside, environmentOf, type Shape, shapeOfValue } from '@millrace/mapping';
import { type ExpressionHelp, helpIn } from '../flows/expression-help.ts';
import { canBeAnything } from './field-tree.ts';
import type { Source } from './mapping.ts';

/** What the expressions of a node see, as far as the flow tells. */
export function environmentOfNode(flow: FlowDocument, catalogue: CatalogueDescription, node: string): Environment {
  return environmentOf(sourcesAt(flow, catalogue, node) ?? { output: () => undefined });
}

/**
 * Help for a line that lies in lists. What the flow does not tell of the input, the sample proposes; nothing is held to be
 * wrong because the sample lacks it.
 */
export function lineHelp(environment: Environment, lists: readonly Source[], sample: Json | undefined): ExpressionHelp {
  const isKnown = environment.input !== undefined && !canBeAnything(environment.input);
  const proposing = isKnown ? environment : { ...environment, input: shapeOfSample(sample) };
  return helpIn(environmentInside(lists, environment), environmentInside(lists, proposing));
}

function shapeOfSample(sample: Json = null): Shape {
  return shapeOfValue(isObject(sample) || Array.isArray(sample) ? sample : {});
}
