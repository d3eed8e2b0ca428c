import type { Foundation } from '../engine/engine.ts';
import { repeat } from '../engine/repeat.ts';
import type { Accepting } from './accepting.ts';
import { fireSchedules } from './schedules/fire-schedules.ts';
import { pollSources } from './sources/poll-sources.ts';
import type { TriggerBlobs } from './sources/source-services.ts';

/** What deployments make happen by itself, as far as this process takes part in it. */
export interface Triggers {
  /** Fires the schedules that are due and polls the sources that are due; resolves when that is done. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface TriggerTools {
  readonly accepting: Accepting;
  readonly blobs: TriggerBlobs;
  /** Whom the leases of this process are made out to. */
  readonly holder: string;
}

const firePauseMs = 250;

/** Any number of processes may do this over one database: those with the role `timer` fire, and those that watch poll. */
export function startTriggers(foundation: Foundation, { accepting, blobs, holder }: TriggerTools): Triggers {
  const { database, log, self } = foundation;
  const parts: Triggers[] = [];
  if (self.roles.includes('timer')) {
    const schedules = repeat('firing schedules', firePauseMs, () => fireSchedules(database, accepting, log), log);
    parts.push({ look: schedules.now, stop: schedules.stop });
  }
  if (self.roles.includes('watcher')) {
    parts.push(pollSources({ ...foundation, accepting, blobs }, { holder }));
  }
  return {
    async look() {
      for (const part of parts) await part.look();
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
