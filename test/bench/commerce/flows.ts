import { fileURLToPath } from 'node:url';
import type { FlowBundle } from '@millrace/flow';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';

/** A shipped template, as users get it. */
export function readTemplate(name: 'commerce-inbound' | 'commerce-sweeper'): FlowBundle {
  return readWholeFlow(fileURLToPath(new URL(`../../../flows/${name}`, import.meta.url)));
}
