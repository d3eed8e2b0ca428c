import {
  type CatalogueDescription,
  isError,
  isObject,
  type Json,
  MillraceError,
  type Problem,
} from '@millrace/contract';
import { type FlowBundle, type LanguageChecks, RecordType, validateFlow } from '@millrace/flow';
import { analyse } from '@millrace/mapping';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Evaluator } from '../evaluator/evaluator.ts';
import { checkMappings } from '../mappings/check-mappings.ts';
import { checkFormats } from './check-formats.ts';
import { checkLifecycle } from './check-lifecycle.ts';
import { checkSchemas, type SchemaPlace } from './check-schemas.ts';
import { guardNotices } from './expressions.ts';
import { formattedPlaces } from './formatted-places.ts';
import { typeChecks } from './type-checks.ts';

const languages: LanguageChecks = { expression: analyse, types: typeChecks };

/** What a check of a flow stands on. */
export interface CheckServices {
  readonly types: CatalogueDescription;
  readonly evaluator: Evaluator;
}

/**
 * Every problem of a document, whatever it is; pointers are into the document.
 * @param tenant whose evaluations take turns with those of others
 */
export async function checkDocument(
  document: unknown,
  { types, evaluator }: CheckServices,
  tenant: string,
): Promise<readonly Problem[]> {
  const problems = validateFlow(document, types, languages);
  if (problems.some(({ code }) => code === 'FLOW_TOO_LARGE')) return problems;
  const settings = settingsOf(document, types);
  return [
    ...problems,
    ...settings.flatMap(({ config, schema, at }) => checkFormats(config, schema, at)),
    ...(await checkSchemas(schemasOf(document, settings), evaluator, tenant)),
    ...guardNotices(document, types),
  ];
}

/** Every problem of the document, and of the record types and mappings beside it; those that are errors stand in the way of deploying. */
export async function checkBundle(
  { flow, records, mappings = [] }: FlowBundle,
  services: CheckServices,
  tenant: string,
): Promise<readonly Problem[]> {
  const schemas = [
    ...records.flatMap((type, index) => schemaUnder('schema', type, `/records/${index}`)),
    ...mappings.flatMap((mapping, index) => schemaUnder('target', mapping, `/mappings/${index}`)),
  ];
  const named = settingsOf(flow, services.types).flatMap(({ config, schema, at }) =>
    formattedPlaces(config, schema, at),
  );
  return [
    ...(await checkDocument(flow, services, tenant)),
    ...records.flatMap((type, index) => checkRecordType(type, index)),
    ...checkMappings(mappings, named),
    ...(await checkSchemas(schemas, services.evaluator, tenant)),
  ];
}

/** @throws {MillraceError} with every error among the problems, where there are any */
export function refuseProblems(code: string, message: string, problems: readonly Problem[]): void {
  const errors = problems.filter(isError);
  const [first] = errors;
  if (first) throw new MillraceError(code, message, { problems: errors, pointer: first.pointer });
}

interface Settings {
  readonly config: Json | undefined;
  /** Of the config. */
  readonly schema: TSchema | undefined;
  /** Pointer of the config. */
  readonly at: string;
}

function settingsOf(document: unknown, types: CatalogueDescription): Settings[] {
  const nodes = isObject(document) && isObject(document.nodes) ? Object.entries(document.nodes) : [];
  return nodes.map(([id, node]) => {
    const { type, config } = isObject(node) ? node : ({} as { type?: Json; config?: Json });
    const schema = types.nodes.find((each) => each.id === type)?.config;
    return { config, schema, at: `/nodes/${id}/config` };
  });
}

function schemasOf(document: unknown, settings: readonly Settings[]): SchemaPlace[] {
  const ofSettings = settings.flatMap(({ config, schema, at }) => formattedPlaces(config, schema, at));
  const marked = ofSettings.filter(({ format }) => format === 'json-schema');
  return [
    ...schemaUnder('parameters', document, ''),
    ...marked.flatMap(({ value, pointer }) => asSchema(value, pointer)),
  ];
}

function schemaUnder(name: string, holder: unknown, at: string): SchemaPlace[] {
  return isObject(holder) ? asSchema(holder[name], `${at}/${name}`) : [];
}

/** That something else stands in its place is told already. */
function asSchema(value: Json | undefined, pointer: string): SchemaPlace[] {
  return value !== undefined && isObject(value) ? [{ schema: value, pointer }] : [];
}

function checkRecordType(type: RecordType, index: number): Problem[] {
  const misfits = Value.Errors(RecordType, type).map(({ instancePath, message }) => ({
    code: 'RECORD_TYPE_INVALID',
    pointer: `/records/${index}${instancePath}`,
    message: `The record type does not fit: it ${message}.`,
  }));
  return misfits.length > 0 ? misfits : checkLifecycle(type, `/records/${index}/lifecycle`);
}
