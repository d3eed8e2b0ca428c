import type { JsonObject } from '@millrace/contract';
import type { FlowBundle } from '../document.ts';
import { inCanonicalForm } from '../format.ts';
import { withSortedParts } from '../orderless.ts';

/** A bundle with the flow in the form in which it is written, and its record types by their ids. */
export function canonicalBundle(bundle: FlowBundle): FlowBundle {
  const sorted = withSortedParts(bundle as unknown as JsonObject) as unknown as FlowBundle;
  return { ...sorted, flow: inCanonicalForm(bundle.flow) };
}
