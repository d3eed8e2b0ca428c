import {
  type CatalogueDescription,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type Problem,
} from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import { graphsOf } from '../resolve-graph.ts';
import { type Examined, examineExpressions, type OpenField, type TypeChecks } from '../validate/examine-expressions.ts';
import { readableFlow } from '../validate/readable.ts';
import { sourcesIn } from '../validate/sources.ts';
import { renameField } from './rename-field.ts';
import { type SchemaPlace, schemaPlace, withSchema } from './schema-place.ts';

/** Another schema in the place of one that a flow has. */
export interface SchemaChange {
  /** Id of the node that checks or makes data by the schema, or `params`. */
  readonly at: string;
  /** The new schema, or one of its fields and the new name for it. */
  readonly to: { readonly schema: JsonObject } | { readonly rename: readonly string[]; readonly as: string };
}

/** What a change of a schema does to the expressions of a flow. Pointers are into the document. */
export interface Breakage {
  /** What is wrong with expressions after the change, and was not before. */
  readonly broken: readonly Problem[];
  /** Expressions that read a field of a name that is gone, from what nothing is known of: FIELD_MAY_BE_GONE. */
  readonly doubtful: readonly Problem[];
}

/**
 * Lists every expression of a flow that breaks when a schema changes. The flow itself stays as it is.
 * @throws {MillraceError} SCHEMA_PLACE_UNKNOWN, SCHEMA_FIELD_UNKNOWN, SCHEMA_FIELD_TAKEN, FLOW_MALFORMED for what is no
 * flow at all; of one that is malformed in parts, the others are looked at
 */
export function brokenBy(
  flow: unknown,
  { at, to }: SchemaChange,
  catalogue: CatalogueDescription,
  checks: TypeChecks,
): Breakage {
  const document = readableFlow(flow);
  if (!document) throw new MillraceError('FLOW_MALFORMED', 'This is not a flow, or it is too large to be looked at.');
  const place = schemaPlace(document, catalogue, at);
  const schema = 'schema' in to ? to.schema : renameField(place.schema, to.rename, to.as);
  const before = examine(document, catalogue, checks);
  const after = examine(withSchema(document, place, schema), catalogue, checks);
  const known = new Set(before.problems.map(keyOf));
  const broken = after.problems.filter((problem) => !known.has(keyOf(problem)));
  const gone = goneNames(place.schema, schema, 'rename' in to ? to.rename.at(-1) : undefined);
  const told = new Set(broken.map(({ pointer }) => pointer));
  const isAffected = affectedBy(document, catalogue, place);
  const doubtful = after.open.filter(
    ({ name, pointer }) => gone.has(name) && !told.has(pointer) && isAffected(pointer),
  );
  return { broken, doubtful: doubtful.map(mayBeGone) };
}

function examine(document: FlowDocument, catalogue: CatalogueDescription, checks: TypeChecks): Examined {
  return examineExpressions(document, graphsOf(document, catalogue), checks);
}

/** What is wrong where; what there is instead may change. */
function keyOf({ hint, ...problem }: Problem): string {
  return JSON.stringify(problem);
}

/** Names of fields that the old schema has and the new one has not. */
function goneNames(before: Json, after: Json, renamed: string | undefined): ReadonlySet<string> {
  const left = fieldNames(after);
  return new Set([
    ...[...fieldNames(before)].filter((name) => !left.has(name)),
    ...(renamed === undefined ? [] : [renamed]),
  ]);
}

function fieldNames(value: Json, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) fieldNames(item, found);
  if (!isObject(value)) return found;
  const { properties } = value;
  if (properties !== undefined && isObject(properties)) for (const name of Object.keys(properties)) found.add(name);
  for (const inner of Object.values(value)) fieldNames(inner, found);
  return found;
}

/** Whether the data of a schema can reach an expression: it stands at the schema's node, or at one behind it. */
function affectedBy(document: FlowDocument, catalogue: CatalogueDescription, { node }: SchemaPlace) {
  const graphs = graphsOf(document, catalogue);
  const sourcesAt = sourcesIn(document, graphs);
  return (pointer: string): boolean => {
    const id = pointer.split('/')[2] ?? '';
    const at = graphs.nodes.get(id);
    return node === undefined || id === node || (at !== undefined && sourcesAt(at).steps.includes(node));
  };
}

function mayBeGone({ name, ...place }: OpenField): Problem {
  return {
    ...place,
    code: 'FIELD_MAY_BE_GONE',
    message: `“${name}” is read here from what nothing is known of; it may be the field that is gone.`,
    severity: 'warning',
  };
}
