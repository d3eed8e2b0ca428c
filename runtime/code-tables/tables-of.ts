import { type CatalogueDescription, isObject, type Json } from '@millrace/contract';
import { expressionsOf, type FlowBundle } from '@millrace/flow';
import { tablesNamed } from '@millrace/mapping';

type Naming = Pick<FlowBundle, 'flow' | 'tables' | 'mappings'>;

/** Names of the code tables that expressions of a flow and of its mappings name, and of those that it brings along. */
export function tablesOf({ flow, tables = [], mappings = [] }: Naming, types: CatalogueDescription): string[] {
  return [
    ...expressionsOf(flow, types).flatMap(({ text }) => tablesNamed(text)),
    ...textsIn(mappings as unknown as Json).flatMap(tablesNamed),
    ...tables.map(({ name }) => name),
  ];
}

/** Lines of a mapping are expressions; what else is written there names no table. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
