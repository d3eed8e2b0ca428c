import { fileURLToPath } from 'node:url';
import type { FlowBundle } from '@millrace/flow';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';

/** `send` ends when the document was delivered, `ack` when the receiver has acknowledged it. */
export type FlowName = 'send' | 'ack';

export const flowNames: readonly FlowName[] = ['send', 'ack'];

/** The channel on which the flow `ack` waits. */
export const ackChannel = 'acks';

/** The flow as it lies in `flows/`. */
export function readBenchFlow(name: FlowName): FlowBundle {
  return readWholeFlow(fileURLToPath(new URL(`../flows/${name}`, import.meta.url)));
}
