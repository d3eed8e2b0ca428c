import {
  type CatalogueDescription,
  isError,
  isObject,
  type Json,
  MillraceError,
  type Problem,
} from '@millrace/contract';
import {
  type Breakage,
  brokenBy,
  type FlowBundle,
  type LanguageChecks,
  RecordType,
  type SchemaChange,
  type TypeChecks,
  validateFlow,
} from '@millrace/flow';
import { analyse, examineExpression, examineMapping } from '@millrace/mapping';
import { Value } from 'typebox/value';
import { checkFormats } from './check-formats.ts';
import { guardNotices } from './expressions.ts';

const typeChecks: TypeChecks = { mapping: examineMapping, expression: examineExpression };
const languages: LanguageChecks = { expression: analyse, types: typeChecks };

/** Every problem of a document, whatever it is; pointers are into the document. */
export function checkDocument(document: unknown, types: CatalogueDescription): readonly Problem[] {
  const problems = validateFlow(document, types, languages);
  return [...problems, ...checkSettings(document, types), ...guardNotices(document, types)];
}

/** What a change of a schema does to the expressions of a flow; see `brokenBy` of the flow package. */
export function checkChange(document: unknown, change: SchemaChange, types: CatalogueDescription): Breakage {
  return brokenBy(document, change, types, typeChecks);
}

/** What the schemas of settings cannot say: rules and time zones. */
function checkSettings(document: unknown, types: CatalogueDescription): Problem[] {
  const nodes = isObject(document) && isObject(document.nodes) ? Object.entries(document.nodes) : [];
  return nodes.flatMap(([id, node]) => {
    const { type, config } = isObject(node) ? node : ({} as { type?: Json; config?: Json });
    return checkFormats(config, types.nodes.find((each) => each.id === type)?.config, `/nodes/${id}/config`);
  });
}

/** Every problem of the document, and of the record types beside it; those that are errors stand in the way of deploying. */
export function checkBundle({ flow, records }: FlowBundle, types: CatalogueDescription): readonly Problem[] {
  return [...checkDocument(flow, types), ...records.flatMap((type, index) => checkRecordType(type, index))];
}

/** @throws {MillraceError} with every error among the problems, where there are any */
export function refuseProblems(code: string, message: string, problems: readonly Problem[]): void {
  const errors = problems.filter(isError);
  const [first] = errors;
  if (first) throw new MillraceError(code, message, { problems: errors, pointer: first.pointer });
}

function checkRecordType(type: RecordType, index: number): Problem[] {
  return Value.Errors(RecordType, type).map(({ instancePath, message }) => ({
    code: 'RECORD_TYPE_INVALID',
    pointer: `/records/${index}${instancePath}`,
    message: `The record type does not fit: it ${message}.`,
  }));
}
