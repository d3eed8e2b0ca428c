import { ExactNumber, type JsonObject, MillraceError, type RecordCondition } from '@millrace/contract';
import type { Condition } from './config.ts';

/**
 * Conditions of a config, their expressions evaluated; one that says nothing would fit every record.
 * @param setting field of the config in which they stand
 * @throws {MillraceError} `CONDITION_EMPTY`, `CONDITION_INVALID`
 */
export function conditionsOf(conditions: readonly Condition[], setting: 'where' | 'onlyWhere'): RecordCondition[] {
  return conditions.map((condition, index) => checked(condition, `/${setting}/${index}`));
}

function checked({ field, ...tests }: Condition, pointer: string): RecordCondition {
  const given = Object.entries(tests).filter(([, value]) => value !== undefined);
  if (given.length === 0)
    throw new MillraceError('CONDITION_EMPTY', `The condition on “${field}” has no value.`, { pointer });
  for (const [name, value] of given)
    for (const one of name === 'in' ? (value as unknown[]) : [value]) requireScalar(one, `${pointer}/${name}`);
  return { field, ...(Object.fromEntries(given) as JsonObject) };
}

function requireScalar(value: unknown, pointer: string): void {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return;
  throw new MillraceError('CONDITION_INVALID', 'A field is compared with a text, a number, true, false or null.', {
    pointer,
  });
}
