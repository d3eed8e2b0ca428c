import { type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { FlowBundle, RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import type { Tx } from '../postgres/database.ts';
import { json } from '../postgres/json.ts';
import type { FlowTest } from './format.ts';

interface Place {
  readonly tenant: string;
  readonly environment: string;
}

/**
 * Stores the records that a test stands on, in the order in which it names them.
 * @throws {MillraceError} `GIVEN_RECORD_INVALID` where a record's type is not the flow's, or its data does not fit
 */
export async function storeGiven(
  { database, evaluator }: Foundation,
  place: Place,
  { records: types }: FlowBundle,
  { given }: FlowTest,
): Promise<void> {
  const { validate } = evaluationFor(evaluator, place.tenant);
  for (const [typeId, records] of Object.entries(given?.records ?? {}))
    for (const [id, data] of Object.entries(records)) {
      const type = types.find((one) => one.id === typeId);
      const problems = type ? await validate(type.schema as JsonObject, data as Json) : [];
      if (!type || problems.length > 0) throw invalid(typeId, id, problems[0]?.message ?? 'there is no such type');
      await database.asTenants([place.tenant], (tx) => storeRecord(tx, place, type, id, data as JsonObject));
    }
}

async function storeRecord(
  tx: Tx,
  { tenant, environment }: Place,
  type: RecordType,
  id: string,
  data: JsonObject,
): Promise<void> {
  await sql`
    insert into millrace.record (tenant_id, environment, type, id, data)
    values (${tenant}, ${environment}, ${type.id}, ${id}, ${json(data)})`.execute(tx);
}

function invalid(type: string, id: string, why: string): MillraceError {
  return new MillraceError(
    'GIVEN_RECORD_INVALID',
    `The record ${type} “${id}” that the test stands on is wrong: ${why}`,
    {
      pointer: `/given/records/${type}/${id}`,
    },
  );
}
