import { isObject, type Json } from '@millrace/contract';
import type { FieldMap } from '@millrace/mapping';
import { addOverride, loadOverride, lockOverride, type OverridePlace } from '../../postgres/mappings/overrides.ts';
import { differenceOf } from '../difference-of.ts';
import type { PartKind, PartPlace } from './part-kind.ts';

/** What the tenant lays over the mappings in layers of the flows, each named `flow/mapping`. */
export const mappingLines: PartKind = {
  kind: 'mapping-lines',
  title: 'what lies over the mapping',
  find: (flows) =>
    flows.flatMap(({ bundle: { flow, mappings = [] } }) => mappings.map(({ name }) => `${flow.id}/${name}`)),
  async read(tx, place, name) {
    const { fields = [] } = (await loadOverride(tx, addressOf(place, name))) ?? {};
    return fields.length === 0 ? null : (fields as unknown as Json);
  },
  async lock(tx, tenant, names) {
    for (const name of names.toSorted())
      for (const environment of ['production', 'sandbox'])
        await lockOverride(tx, addressOf({ tenant, environment }, name));
  },
  compare: async (_tx, name, before, after) => {
    const mapping = mappingOf(name);
    return differenceOf({ mappings: laidOver(mapping, before) }, { mappings: laidOver(mapping, after) }, [
      'mappings',
      mapping,
      'core',
    ]);
  },
  // No lines lie over where there were none.
  prepare:
    async (_services, { place, states, action, reason }) =>
    async (tx) => {
      for (const { name, state } of states) {
        const fields = (state ?? []) as unknown as FieldMap;
        await addOverride(tx, addressOf(place, name), { fields, action }, reason);
      }
    },
};

function addressOf({ tenant, environment }: PartPlace, name: string): OverridePlace {
  const [flowId = ''] = name.split('/');
  return { tenant: tenant.id, environment, flowId, mapping: mappingOf(name) };
}

function mappingOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** As a layer of a mapping, so that the difference is told line by line. */
function laidOver(name: string, state: Json): Json {
  return [{ name, title: name, core: isObject(state) || state === null ? [] : state, versions: [] }];
}
