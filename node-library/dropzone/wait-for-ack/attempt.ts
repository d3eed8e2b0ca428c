import type { JsonObject } from '@millrace/contract';
import { instantOf } from '../ack/time.ts';

/** One delivery of an order that awaits its ack, among the deliveries of the same order before it. */
export interface Attempt {
  /** Timestamp in the delivered file's name. */
  readonly stamp?: string;
  /** Start of the attempt in milliseconds since 1970, for a stamp that is no time or is missing. */
  readonly startedMs: number;
  /** What earlier waits for the order kept: `{stamp}`. */
  readonly earlier: readonly JsonObject[];
}

/** What an ack says of the attempt it answers. */
export interface AckOrigin {
  /** Timestamp in the ack file's name: the order file's, or the ERP's own. */
  readonly stamp?: string;
  /** When the ERP processed the order, ISO 8601. */
  readonly processedAt: string;
}

/**
 * Why an ack belongs to an earlier attempt at the same order; nothing where it is this attempt's. The first rule that
 * applies decides:
 *
 * | the ack's stamp | earlier attempts | processed | belongs to |
 * |---|---|---|---|
 * | this attempt's | any | any | this attempt |
 * | an earlier attempt's | some | any | that one |
 * | the ERP's own | some | before this attempt's stamp | an earlier one |
 * | the ERP's own | otherwise | | this attempt |
 */
export function belongsElsewhere(ack: AckOrigin, attempt: Attempt): string | undefined {
  if (sameStamp(ack.stamp, attempt.stamp)) return undefined;
  if (attempt.earlier.some(({ stamp }) => sameStamp(ack.stamp, stamp))) {
    return `The ack carries the timestamp ${ack.stamp} of an earlier attempt.`;
  }
  if (attempt.earlier.length > 0 && isBefore(ack.processedAt, attempt)) {
    return `The ack was processed at ${ack.processedAt}, before this attempt: it belongs to an earlier attempt.`;
  }
  return undefined;
}

/** Equal as text, or as time: `20251227T100000Z` and `2025-12-27T10:00:00Z` are one stamp. */
function sameStamp(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  const instant = instantOf(a);
  return a === b || (instant !== undefined && instant === instantOf(b));
}

function isBefore(processedAt: string, { stamp, startedMs }: Attempt): boolean {
  const processed = instantOf(processedAt);
  return processed !== undefined && processed < (instantOf(stamp ?? '') ?? startedMs);
}
