import { type CatalogueDescription, isObject, type Json } from '@millrace/contract';
import { type FlowDocument, sourcesAt } from '@millrace/flow';
import {
  completionsAt,
  diagnosticsOf,
  type Environment,
  environmentInside,
  environmentOf,
  hoverAt,
  type Shape,
  shapeOfValue,
  whereItRuns,
} from '@millrace/mapping';
import type { ExpressionHelp } from '../flows/expression-help.ts';
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
  const isKnown = environment.input !== undefined && environment.input.kinds.size < 6;
  const proposing = isKnown ? environment : { ...environment, input: shapeOfSample(sample) };
  const checked = environmentInside(lists, environment);
  const proposed = environmentInside(lists, proposing);
  return {
    completions: (text, position) => completionsAt(text, position, proposed),
    hover: (text, position) => hoverAt(text, position, proposed),
    diagnostics: (text) => diagnosticsOf(text, checked),
    whereItRuns,
  };
}

function shapeOfSample(sample: Json | undefined): Shape {
  return shapeOfValue(isObject(sample ?? null) || Array.isArray(sample) ? sample : {});
}
