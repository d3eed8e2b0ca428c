import { isObject, type Json, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import type { Trigger } from './format.ts';

/**
 * The payload that a test's trigger stands for.
 * @throws {MillraceError} `SAMPLE_UNKNOWN` when the flow has no sample of that name
 */
export function payloadOf(trigger: Trigger, { samples }: FlowBundle): Json {
  const sample = trigger.sample === undefined ? (trigger.payload as Json | undefined) : samples[trigger.sample];
  if (sample === undefined)
    throw new MillraceError('SAMPLE_UNKNOWN', `The flow has no sample “${trigger.sample ?? ''}”.`, {
      pointer: '/trigger/sample',
    });
  return trigger.patch === undefined ? (sample as Json) : merged(sample as Json, trigger.patch as Json);
}

/** JSON Merge Patch (RFC 7396): `null` removes, objects merge, anything else replaces. */
function merged(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key] ?? {}, value);
  }
  return result;
}
