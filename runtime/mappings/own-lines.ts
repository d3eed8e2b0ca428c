import { MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle, LayeredMapping } from '@millrace/flow';
import { type FieldMap, namesOf } from '@millrace/mapping';
import type { Demand } from '../auth/demands.ts';
import { refuseProblems } from '../flows/check.ts';
import type { FlowPlace, FlowServices } from '../flows/services.ts';
import { readNamed } from '../flows/versions.ts';
import type { Tx } from '../postgres/database.ts';
import type { Reason } from '../postgres/flows/deployment-history.ts';
import {
  addOverride,
  findOverride,
  loadOverride,
  lockOverride,
  type Override,
  type OverridePlace,
} from '../postgres/mappings/overrides.ts';
import { lineProblems } from './check-mappings.ts';
import { layerProblems } from './layer-problems.ts';
import { linesOf } from './layers.ts';
import { changesTransformation } from './transformations.ts';

/** A mapping in layers of a flow, where it serves. */
export interface MappingPlace extends FlowPlace {
  readonly mapping: string;
}

/** What is to be laid over, and over which of the tenant's own lines it was made. */
export interface OwnLines {
  readonly fields: FieldMap;
  /** Id of what was in force; null where nothing was. */
  readonly basedOn: string | null;
}

/**
 * Lays lines of a tenant's own over a mapping, in the sandbox; from there they are promoted.
 * @throws {MillraceError} `NOT_FOUND`; `MAPPING_INVALID` with every problem; `REVISION_CONFLICT`; what `demand` throws of
 * `mappings.transform` where they change more than which fields there are
 */
export async function layOver(
  services: FlowServices,
  { tenant, flowId, mapping }: Omit<MappingPlace, 'environment'>,
  { fields, basedOn }: OwnLines,
  { demand, ...reason }: Reason & { readonly demand: Demand },
): Promise<Override> {
  const place = { tenant, environment: 'sandbox', flowId, mapping };
  const layers = await readMapping(services, place);
  refuseMisfits(layers, fields);
  return services.database.asTenants([tenant.id], async (tx) => {
    const present = await requireBase(tx, addressOf(place), basedOn);
    if (changesTransformation(layers, present?.fields ?? [], fields)) demand('mappings.transform');
    return addOverride(tx, addressOf(place), { fields, action: 'edit' }, reason);
  });
}

/**
 * Lays over again what lay over the mapping before.
 * @throws {MillraceError} `NOT_FOUND`; `MAPPING_INVALID` where it does not fit what serves now
 */
export async function layOverAgain(
  services: FlowServices,
  place: MappingPlace,
  to: string,
  reason: Reason,
): Promise<Override> {
  const address = addressOf(place);
  const mapping = await readMapping(services, place);
  return services.database.asTenants([place.tenant.id], async (tx) => {
    await lockOverride(tx, address);
    const earlier = await findOverride(tx, address, to);
    if (!earlier)
      throw new MillraceError('NOT_FOUND', 'Nothing of that id has lain over this mapping.', { category: 'not-found' });
    refuseMisfits(mapping, earlier.fields);
    return addOverride(tx, address, { fields: earlier.fields, action: 'rollback' }, reason);
  });
}

/**
 * The mapping of what serves in the environment.
 * @throws {MillraceError} `NOT_FOUND`
 */
export async function readMapping(services: FlowServices, place: MappingPlace): Promise<LayeredMapping> {
  const { mappings = [] } = await readNamed(services, place.tenant, place.flowId, place.environment);
  const found = mappings.find(({ name }) => name === place.mapping);
  if (found) return found;
  const message = `The flow “${place.flowId}” in ${place.environment} has no mapping “${place.mapping}”.`;
  throw new MillraceError('NOT_FOUND', message, { category: 'not-found' });
}

/** Locks the place, and makes sure that nobody has changed it in the meantime. */
async function requireBase(tx: Tx, address: OverridePlace, basedOn: string | null): Promise<Override | undefined> {
  await lockOverride(tx, address);
  const present = await loadOverride(tx, address);
  if ((present?.id ?? null) === basedOn) return present;
  throw new MillraceError('REVISION_CONFLICT', 'Somebody else has changed these lines in the meantime.', {
    details: { override: present?.id ?? null },
  });
}

/**
 * What a version brings along must go together with what the tenant has laid over in the environment.
 * @throws {MillraceError} `MAPPING_INVALID` with every problem
 */
export async function refuseMisfitsOf(tx: Tx, { tenant, environment, flowId }: FlowPlace, bundle: FlowBundle) {
  const problems: Problem[] = [];
  for (const mapping of bundle.mappings ?? []) {
    const own = await loadOverride(tx, { tenant: tenant.id, environment, flowId, mapping: mapping.name });
    const found = own ? misfits(mapping, own.fields) : [];
    problems.push(...found.map((each) => ({ ...each, pointer: `/mappings/${mapping.name}/own${each.pointer}` })));
  }
  refuseProblems(
    'MAPPING_INVALID',
    'The lines that lie over a mapping do not go together with this version.',
    problems,
  );
}

function refuseMisfits(mapping: LayeredMapping, own: FieldMap): void {
  refuseProblems('MAPPING_INVALID', 'The lines do not go together with the mapping.', misfits(mapping, own));
}

export function addressOf({ tenant, ...place }: MappingPlace): OverridePlace {
  return { tenant: tenant.id, ...place };
}

/** What is wrong with a tenant's own lines over every version in use; pointers are into `{ fields }`. */
function misfits(mapping: LayeredMapping, own: FieldMap): readonly Problem[] {
  const malformed = layerProblems(own, '/fields');
  if (malformed.length > 0) return malformed;
  const inUse = mapping.versions.filter(({ status }) => status !== 'RETIRED');
  const found = inUse.flatMap(({ version }) => [
    ...loosened(mapping, version, own),
    ...lineProblems(mapping, version, own).map(({ line, ...problem }) => ({
      ...problem,
      pointer: pointerTo(line, own),
      message: `In version ${version}: ${problem.message}`,
    })),
  ]);
  const places = found.map(({ code, pointer }) => `${code} ${pointer}`);
  return found.filter((_, index) => places.indexOf(places[index] as string) === index);
}

/** What all others are sure to be given must not be missing with one tenant. */
function loosened(mapping: LayeredMapping, version: string, own: FieldMap): Problem[] {
  const required = linesOf(mapping, version).filter((line) => line.required);
  return own.flatMap((line, index) => {
    const below = required.find((each) => isSameTarget(each.to, line.to));
    if (line.required !== false || !below) return [];
    const message = `“${line.to}” is required by the mapping, and stays so.`;
    return [{ code: 'MAPPING_LINE_REQUIRED', pointer: `/fields/${index}/required`, message }];
  });
}

function pointerTo(line: string | undefined, own: FieldMap): string {
  const index = line === undefined ? -1 : own.findIndex(({ to }) => isSameTarget(to, line));
  return index < 0 ? '/fields' : `/fields/${index}`;
}

function isSameTarget(a: string, b: string): boolean {
  return JSON.stringify(namesOf(a)) === JSON.stringify(namesOf(b));
}
