import { isBlobRef, isObject, type Json } from '@millrace/contract';
import type { Tx } from '../postgres/database.ts';
import { claimPayloads } from '../postgres/payloads/payload.ts';
import { payloadId } from './store.ts';

/**
 * Gives what the data refers to, and what belongs to no run yet, to the run that is started with the data. To be called
 * in the transaction that stores the run, so that either both hold or neither.
 */
export async function claim(tx: Tx, run: string, data: Json): Promise<void> {
  await claimPayloads(tx, [...new Set(referredTo(data))].map(payloadId), run);
}

/** Without recursion: what comes in from outside may be nested deeper than the stack. */
function referredTo(data: Json): string[] {
  const found: string[] = [];
  const open: Json[] = [data];
  while (open.length > 0) {
    const value = open.pop() as Json;
    if (Array.isArray(value)) for (const item of value) open.push(item as Json);
    if (!isObject(value)) continue;
    if (isBlobRef(value)) found.push(value.blob);
    for (const inner of Object.values(value)) open.push(inner);
  }
  return found;
}
