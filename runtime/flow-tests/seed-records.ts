import { type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import type { Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import { writeRecords } from '../postgres/commit/write-records.ts';

export interface SeedPlace {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
}

/** Record type → id → data. */
export type RecordSeeds = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/**
 * Writes the records that a test wants to be there before anything happens.
 * @throws {MillraceError} `RECORD_TYPE_UNKNOWN`, `RECORD_INVALID` with every problem
 */
export async function seedRecords(
  { database, evaluator }: Pick<Foundation, 'database' | 'evaluator'>,
  place: SeedPlace,
  { records: types }: Pick<FlowBundle, 'records'>,
  seeds: RecordSeeds,
): Promise<void> {
  const { validate } = evaluationFor(evaluator, place.tenant);
  const owner = { ...place, run: crypto.randomUUID() };
  for (const [type, records] of Object.entries(seeds)) {
    const schema = types.find(({ id }) => id === type)?.schema;
    if (!schema) throw misfit('RECORD_TYPE_UNKNOWN', `The flow has no record type “${type}”.`, type);
    for (const [id, data] of Object.entries(records)) {
      const problems = await validate(schema as Json, data);
      if (problems.length > 0) throw misfit('RECORD_INVALID', `It does not fit: ${problems[0]?.message}`, type, id);
      const write = { ...owner, type, id, expected: 0, changes: [{ data, who: 'flow test' }] };
      await database.asTenants([place.tenant], (tx) => writeRecords(tx, [write]));
    }
  }
}

function misfit(code: string, message: string, ...place: readonly string[]): MillraceError {
  return new MillraceError(code, message, { pointer: `/given/${place.join('/')}` });
}
