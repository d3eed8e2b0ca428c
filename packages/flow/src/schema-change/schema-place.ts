import {
  type CatalogueDescription,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  outputMarks,
} from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import { typesOf } from '../node-types.ts';

/** A JSON Schema that a flow keeps: of a node, whose data fits it, or of the parameters. */
export interface SchemaPlace {
  /** Names from the document down. */
  readonly path: readonly string[];
  readonly schema: JsonObject;
  /** Nothing for the parameters. */
  readonly node?: string;
}

/**
 * Finds a schema by the id of its node, or as `params`.
 * @throws {MillraceError} SCHEMA_PLACE_UNKNOWN
 */
export function schemaPlace(document: FlowDocument, catalogue: CatalogueDescription, name: string): SchemaPlace {
  const node = Object.hasOwn(document.nodes, name) ? name : undefined;
  const place =
    node === undefined ? (name === 'params' ? ['parameters'] : undefined) : pathOf(document, catalogue, node);
  const schema = place && valueAt(document as unknown as Json, place);
  if (!place || schema === undefined || !isObject(schema)) throw unknownPlace(name);
  return { path: place, schema, ...(node !== undefined && { node }) };
}

/** The field of the node's config that holds the schema of what it gives. */
function pathOf(document: FlowDocument, catalogue: CatalogueDescription, id: string): readonly string[] | undefined {
  const type = typesOf(catalogue).get(document.nodes[id]?.type ?? '');
  const fields = Object.values(type?.outputs ?? {}).flatMap((output) => outputMarks(output).fitsConfig ?? []);
  return fields[0] === undefined ? undefined : ['nodes', id, 'config', fields[0]];
}

/** The document with another schema there. */
export function withSchema(document: FlowDocument, { path }: SchemaPlace, schema: JsonObject): FlowDocument {
  return replacedAt(document as unknown as Json, path, schema) as unknown as FlowDocument;
}

function valueAt(value: Json | undefined, [name, ...rest]: readonly string[]): Json | undefined {
  if (name === undefined) return value;
  return value !== undefined && isObject(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}

function replacedAt(value: Json | undefined, [name, ...rest]: readonly string[], by: Json): Json {
  if (name === undefined) return by;
  const object = value !== undefined && isObject(value) ? value : {};
  return { ...object, [name]: replacedAt(object[name], rest, by) };
}

function unknownPlace(name: string): MillraceError {
  const message = `The flow has no schema at “${name}”: name a node that checks or makes data by a JSON Schema, or “params”.`;
  return new MillraceError('SCHEMA_PLACE_UNKNOWN', message, { category: 'not-found' });
}
