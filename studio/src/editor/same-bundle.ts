import type { Json } from '@millrace/contract';
import { type FlowBundle, isEqual } from '@millrace/flow';

/** Whether two bundles say the same, however their keys are ordered. */
export function isSameBundle(a: FlowBundle, b: FlowBundle): boolean {
  return isEqual(a as unknown as Json, b as unknown as Json);
}
