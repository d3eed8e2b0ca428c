import { isObject, type Json, type JsonObject } from '@millrace/contract';
import type { FlowDocument } from './document.ts';

/*
 * The one rule for lists in which order means nothing. The file that people see, the content hash and the compiled plan
 * all follow it, so that equal flows are equal everywhere.
 */

const edgeFields = ['from', 'port', 'to'];

/** A flow document, whatever else is wrong with it, with its edges sorted. */
export function withSortedEdges<T extends object>(document: T): T {
  const { edges } = document as { edges?: Json };
  return Array.isArray(edges) ? { ...document, edges: sortedBy(edges, edgeName) } : document;
}

/** The document with nodes and edges sorted. */
export function inCanonicalOrder(document: FlowDocument): FlowDocument {
  const nodes = Object.entries(document.nodes).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...withSortedEdges(document), nodes: Object.fromEntries(nodes) };
}

/** A bundle with its orderless lists sorted: the edges of its flow, its record types, code tables and mappings. */
export function withSortedParts(bundle: JsonObject): JsonObject {
  const { flow, records, tables, mappings } = bundle;
  return {
    ...bundle,
    ...(isObject(flow) && { flow: withSortedEdges(flow) }),
    ...(Array.isArray(records) && { records: sortedBy(records, recordName) }),
    ...(Array.isArray(tables) && { tables: sortedBy(tables, partName) }),
    ...(Array.isArray(mappings) && { mappings: sortedBy(mappings, partName) }),
  };
}

function edgeName(edge: Json): string {
  return isObject(edge) ? edgeFields.map((field) => edge[field] ?? '').join('\n') : '';
}

function recordName(record: Json): string {
  return isObject(record) ? String(record.id) : '';
}

function partName(part: Json): string {
  return isObject(part) ? String(part.name) : '';
}

function sortedBy(list: readonly Json[], nameOf: (item: Json) => string): readonly Json[] {
  const named = list.map((item) => ({ item, name: nameOf(item) }));
  return named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ item }) => item);
}
