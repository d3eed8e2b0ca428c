import { type Blobs, MillraceError } from '@millrace/contract';
import type { Foundation } from '../../engine/engine.ts';
import type { Accepting } from '../accepting.ts';

/** The payload store, for triggers: what they write belongs to no run until one is accepted with it. */
export interface TriggerBlobs {
  /** @param tenant id */
  of(tenant: string): Blobs;
}

/** What polling sources stands on. */
export interface SourceServices
  extends Pick<
    Foundation,
    'database' | 'leaseDatabase' | 'catalogue' | 'evaluator' | 'masterKeys' | 'network' | 'health' | 'log'
  > {
  readonly accepting: Accepting;
  readonly blobs: TriggerBlobs;
}

/** Whoever polls no longer holds the source. */
export function holdLost(): MillraceError {
  const message = 'Another process polls this source now, or its deployment has changed.';
  return new MillraceError('SOURCE_LOST', message, { category: 'cancelled' });
}
