import type { CatalogueDescription } from '@millrace/contract';
import { type FlowDocument, sourcesAt } from '@millrace/flow';
import {
  type Completions,
  completionsAt,
  type Diagnostic,
  diagnosticsOf,
  type Environment,
  environmentOf,
  type Hover,
  hoverAt,
  type WhereItRuns,
  whereItRuns,
} from '@millrace/mapping';

/** What an editor of expressions asks while somebody types. Positions are UTF-16 units. */
export interface ExpressionHelp {
  completions(text: string, position: number): Completions;
  hover(text: string, position: number): Hover | undefined;
  diagnostics(text: string): readonly Diagnostic[];
  whereItRuns(text: string): WhereItRuns;
}

/**
 * Help for the expressions of a node, from what the nodes before it are known to give.
 * @param isOfInput false where the node evaluates its texts itself, perhaps for something else than its input
 */
export function expressionHelp(
  flow: FlowDocument,
  catalogue: CatalogueDescription,
  node: string,
  isOfInput: boolean,
): ExpressionHelp {
  const sources = sourcesAt(flow, catalogue, node) ?? { output: () => undefined };
  return helpIn(environmentOf(isOfInput ? sources : { ...sources, input: undefined }));
}

/** @param proposed what is offered and explained, where that is more than what texts are held against */
export function helpIn(checked: Environment, proposed: Environment = checked): ExpressionHelp {
  return {
    completions: (text, position) => completionsAt(text, position, proposed),
    hover: (text, position) => hoverAt(text, position, proposed),
    // Where nothing is written yet nothing is wrong with it.
    diagnostics: (text) => (text.trim() === '' ? [] : diagnosticsOf(text, checked)),
    whereItRuns,
  };
}
