import type { Json } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { saveRecordTypes } from '../../postgres/flows/deployments.ts';
import { loadRecordType, removeUnusedRecordType } from '../../postgres/flows/record-types.ts';
import { lockRecordTypes } from '../../postgres/promotions/lock-parts.ts';
import { differenceOf } from '../difference-of.ts';
import type { PartKind } from './part-kind.ts';

/** Those that the flows keep. */
export const recordTypes: PartKind = {
  kind: 'record-type',
  title: 'the record type',
  find: (flows) => flows.flatMap(({ bundle }) => bundle.records.map(({ id }) => id)),
  read: async (tx, { environment }, name) => (await loadRecordType(tx, environment, name)) ?? null,
  lock: (tx, _tenant, names) => lockRecordTypes(tx, names),
  compare: async (_tx, name, before, after) =>
    differenceOf({ records: listOf(before) }, { records: listOf(after) }, ['records', name]),
  prepare:
    async (_services, { place: { tenant, environment }, states }) =>
    async (tx) => {
      for (const { name, state } of states)
        if (state === null) await removeUnusedRecordType(tx, environment, name);
        else await saveRecordTypes(tx, { tenant: tenant.id, environment }, [state as unknown as RecordType]);
    },
};

function listOf(state: Json): readonly Json[] {
  return state === null ? [] : [state];
}
