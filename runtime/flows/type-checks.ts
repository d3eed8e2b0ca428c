import type { CatalogueDescription } from '@millrace/contract';
import { type Breakage, brokenBy, type SchemaChange, type TypeChecks } from '@millrace/flow';
import { examineExpression, examineMapping } from '@millrace/mapping';

/** How expressions are held against the JSON Schemas of what they read and make. */
export const typeChecks: TypeChecks = { mapping: examineMapping, expression: examineExpression };

/** What a change of a schema does to the expressions of a flow; see `brokenBy` of the flow package. */
export function checkChange(document: unknown, change: SchemaChange, types: CatalogueDescription): Breakage {
  return brokenBy(document, change, types, typeChecks);
}
