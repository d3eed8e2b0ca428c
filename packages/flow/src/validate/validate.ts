import { type CatalogueDescription, isObject, type Problem } from '@millrace/contract';
import { type FlowBounds, flowBounds } from '../bounds.ts';
import { FlowDocument, isId } from '../document.ts';
import { pointer } from '../pointer.ts';
import { graphsOf } from '../resolve-graph.ts';
import { checkConnections } from './check-connections.ts';
import { checkExpressions, type ExpressionCheck } from './check-expressions.ts';
import { checkGraph } from './check-graph.ts';
import { checkNodes } from './check-nodes.ts';
import { checkSize } from './check-size.ts';
import { examineExpressions, type TypeChecks } from './examine-expressions.ts';
import { readablePart } from './readable.ts';
import { schemaProblems } from './schema-problems.ts';

/** How expressions are read; `analyse`, `examineMapping` and `examineExpression` of the mapping package. */
export interface LanguageChecks {
  readonly expression: ExpressionCheck;
  /** Without them expressions are not held against the schemas around them. */
  readonly types?: TypeChecks;
}

/**
 * Everything that is wrong with a flow document, at once. What is malformed is reported and left out of the further
 * checks; only a document that is too large gets no further look.
 * @returns problems with JSON Pointers into the document; no errors among them when the flow can be compiled and run
 */
export function validateFlow(
  document: unknown,
  catalogue: CatalogueDescription,
  { expression, types }: LanguageChecks,
  bounds: FlowBounds = flowBounds,
): Problem[] {
  const tooLarge = checkSize(document, bounds);
  if (tooLarge) return [tooLarge];
  const malformed = [...schemaProblems(FlowDocument, document, 'FLOW_MALFORMED'), ...checkIds(document)];
  const readable = readablePart(document);
  if (!readable) return malformed;
  const graphs = graphsOf(readable.flow, catalogue);
  const problems = [
    ...checkNodes(readable.flow, catalogue),
    ...checkConnections(readable.flow, graphs, catalogue),
    ...checkGraph(readable.flow, catalogue, bounds),
    ...checkExpressions(readable.flow, graphs, expression),
    ...(types ? examineExpressions(readable.flow, graphs, types).problems : []),
  ];
  return [...malformed, ...problems.filter((each) => !readable.isConsequence(each))];
}

/** The schema says what an id looks like; TypeBox's record lets other names pass. */
function checkIds(document: unknown): readonly Problem[] {
  return ['nodes', 'connections'].flatMap((list) =>
    Object.keys(recordIn(document, list))
      .filter((id) => !isId(id))
      .map((id) => ({
        code: 'ID_INVALID',
        pointer: pointer(list, id),
        message: `“${id}” cannot be an id: at most 64 letters, digits, “-” and “_”, the first a letter.`,
      })),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value);
}

function recordIn(document: unknown, name: string): Record<string, unknown> {
  const value = isRecord(document) ? document[name] : undefined;
  return isRecord(value) ? value : {};
}
