import { type JsonObject, MillraceError } from '@millrace/contract';
import type { FlowServices } from '../flows/services.ts';
import type { Tx } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { type Configuration, isSelected, partName, sortedParts } from './configuration.ts';
import type { PresentPart } from './kind.ts';
import { kinds } from './kinds.ts';

/** What a tenant has, by the names of its parts, in the order in which kinds are applied. */
export type Present = ReadonlyMap<string, PresentPart>;

/**
 * @param selection names of parts, or what they begin with; an empty one is all
 * @throws {MillraceError} `SELECTION_UNKNOWN`
 */
export async function readConfiguration(
  services: FlowServices,
  tenant: Tenant,
  selection: readonly string[],
): Promise<Configuration> {
  checkSelection(selection);
  const present = await services.database.asTenants([tenant.id], (tx) => readPresent(tx, tenant, services));
  return { format: 1, parts: partsOf(present, selection) };
}

export async function readPresent(tx: Tx, tenant: Tenant, services: FlowServices): Promise<Present> {
  const present = new Map<string, PresentPart>();
  for (const kind of kinds)
    for (const part of await kind.read(tx, tenant, services)) present.set(partName({ kind: kind.id, ...part }), part);
  return present;
}

/** @throws {MillraceError} `SELECTION_UNKNOWN` for what begins with no kind */
export function checkSelection(selection: readonly string[]): void {
  const unknown = selection.find((name) => !kinds.some(({ id }) => name === id || name.startsWith(`${id}/`)));
  if (unknown === undefined) return;
  const message = `“${unknown}” selects nothing: a selection begins with ${kinds.map(({ id }) => id).join(', ')}.`;
  throw new MillraceError('SELECTION_UNKNOWN', message, { pointer: '/only' });
}

function partsOf(present: Present, selection: readonly string[]): JsonObject {
  const selected = [...present].filter(([part]) => isSelected(part, selection));
  return sortedParts(selected.map(([part, { value }]) => [part, value]));
}
