import { createHash } from 'node:crypto';
import { canonicalJson, complete, type IncomingBundle } from '@millrace/flow';

/**
 * A version's name: SHA-256 (hex) of all that the bundle holds but where the boxes stand, in its canonical form. Equal flows
 * are the same version; so a version is tested with its own tests, and keeps its own record types.
 */
export function versionOf(bundle: IncomingBundle): string {
  const { layout: _, ...content } = complete(bundle);
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
