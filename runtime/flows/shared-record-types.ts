import type { Problem } from '@millrace/contract';
import { canonicalJson, type RecordType } from '@millrace/flow';
import type { ShippedRecordType } from '../postgres/flows/shipped-record-types.ts';

/**
 * A warning for each record type that another deployed flow has otherwise. A type is found by its id in the whole
 * environment, so that whichever of the two is deployed last decides what the records of both must be.
 * @param types of the flow
 * @param shipped the same types, as other flows have them
 */
export function sharedTypeProblems(types: readonly RecordType[], shipped: readonly ShippedRecordType[]): Problem[] {
  return types.flatMap((type, index) => {
    const others = shipped.filter((other) => other.type.id === type.id && !isSame(other.type, type));
    if (others.length === 0) return [];
    const names = others.map(({ flowId }) => `“${flowId}”`).join(' and ');
    return {
      code: 'RECORD_TYPE_SHARED',
      pointer: `/records/${index}`,
      message: `The record type “${type.id}” is defined otherwise in ${names}; deploying this flow changes it there too.`,
      hint: 'Make the definitions the same.',
      severity: 'warning',
    };
  });
}

function isSame(one: RecordType, other: RecordType): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
