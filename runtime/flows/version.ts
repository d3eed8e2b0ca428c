import { createHash } from 'node:crypto';
import { canonicalJson, type FlowDocument } from '@millrace/flow';

/** A version's name: SHA-256 (hex) of the canonical document, so that equal flows are the same version. */
export function versionOf(document: FlowDocument): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}
