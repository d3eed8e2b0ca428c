import type { Problem } from '@millrace/contract';
import { type LanguageChecks, validateFlow } from '@millrace/flow';
import { analyse, examineExpression, examineMapping } from '@millrace/mapping';
import type { Catalogue, FlowDocument } from '../api/types.ts';

const languages: LanguageChecks = {
  expression: analyse,
  types: { mapping: examineMapping, expression: examineExpression },
};

/** What the rules of flows say of a document, without the server; what only the server knows is not among it. */
export function checkFlow(flow: FlowDocument, catalogue: Catalogue): readonly Problem[] {
  return validateFlow(flow, catalogue, languages);
}
