import type { Json, JsonObject, Problem } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';

/** Checks one value against one schema, outside this process. */
export type Validate = (schema: Json, data: Json) => Promise<Problem[]>;

/**
 * Problems of each record, in one evaluation: the schema becomes that of a list. It keeps an id of its own, so that its
 * references go on to mean itself.
 */
export async function validateList(
  validate: Validate,
  { schema }: Pick<RecordType, 'schema'>,
  records: readonly JsonObject[],
): Promise<Problem[][]> {
  if (records.length === 0) return [];
  const { $schema, ...rest } = schema as JsonObject;
  const items = { $id: 'urn:millrace:record', ...rest };
  const problems = await validate({ ...($schema !== undefined && { $schema }), type: 'array', items }, records);
  const found: Problem[][] = records.map(() => []);
  for (const problem of problems) {
    const [, index = '', pointer = ''] = /^\/(\d+)(.*)$/s.exec(problem.pointer) ?? [];
    found[Number(index)]?.push({ ...problem, pointer });
  }
  return found;
}
