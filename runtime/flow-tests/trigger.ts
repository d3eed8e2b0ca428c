import { durationMs, isObject, type Json, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import type { Trigger } from './format.ts';

/**
 * The payload that a test's trigger stands for.
 * @param arrival when the trigger has it, in the test's time
 * @throws {MillraceError} `SAMPLE_UNKNOWN` when the flow has no sample of that name, `TIME_PLACE_MISSING`
 */
export function payloadOf(trigger: Trigger, { samples }: FlowBundle, arrival: Date): Json {
  const sample = trigger.sample === undefined ? (trigger.payload as Json | undefined) : samples[trigger.sample];
  if (sample === undefined)
    throw new MillraceError('SAMPLE_UNKNOWN', `The flow has no sample “${trigger.sample ?? ''}”.`, {
      pointer: '/trigger/sample',
    });
  const payload = trigger.patch === undefined ? (sample as Json) : merged(sample as Json, trigger.patch as Json);
  return Object.entries(trigger.times ?? {}).reduce<Json>(
    (timed, [pointer, duration]) => withTime(timed, pointer.split('/').slice(1), timeFrom(arrival, duration)),
    payload,
  );
}

function timeFrom(arrival: Date, duration: string): string {
  const ms = duration.startsWith('-') ? -durationMs(duration.slice(1)) : durationMs(duration);
  return new Date(arrival.getTime() + ms).toISOString();
}

/** Only an object's fields have times: lists are given whole. */
function withTime(value: Json, [name, ...below]: readonly string[], time: string): Json {
  if (name === undefined) return time;
  if (isObject(value)) return { ...value, [name]: withTime(value[name] ?? null, below, time) };
  const message = `The trigger's payload has no place “${name}” for a time.`;
  throw new MillraceError('TIME_PLACE_MISSING', message, { pointer: '/trigger/times' });
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
