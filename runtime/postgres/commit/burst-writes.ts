import type { ErrorData, Json, JsonObject, RunAnswer } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import type { Lease } from '../runs/take-runs.ts';
import type { StartedRun } from './start-runs.ts';
import type { PassResultRow, PassRow } from './write-passes.ts';

export interface StepRow {
  readonly key: string;
  readonly node: string;
  readonly status: 'running' | 'waiting' | 'retrying' | 'done' | 'failed';
  readonly attempts: number;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly port?: string;
  /** Keys of the steps, or the trigger's node, whose output it got; several at a join. */
  readonly inputFrom?: string | readonly string[];
  /** Where it is nobody's output: the item of a pass. */
  readonly input?: Json;
  /** Its output is its input. */
  readonly passesOn?: boolean;
  readonly output?: Json;
  readonly error?: ErrorData;
  readonly nextRetryAt?: string;
}

export interface NewWait {
  readonly step: string;
  readonly channel: string;
  readonly key: string;
  readonly dueAfterMs?: number;
  readonly expiresAfterMs?: number;
  readonly detail: JsonObject;
}

export interface NewTimer {
  readonly step: string;
  readonly kind: 'retry';
  readonly dueAt: string;
}

export interface RecordWrite {
  readonly type: string;
  readonly id: string;
  /** Version that was read; 0 where there was none. Another one at commit is a conflict. */
  readonly expected: number;
  /** Every change since then, each a version of its own; at least one. */
  readonly changes: readonly RecordChange[];
}

export interface RecordChange {
  readonly data: JsonObject;
  readonly from?: string;
  readonly to?: string;
  readonly who: string;
  readonly why?: string;
}

export interface NewAlert {
  /** One alert per incident. */
  readonly incident: string;
  readonly code: string;
  readonly severity: 'warning' | 'high';
  readonly message: string;
}

export type Ending =
  | { readonly status: 'succeeded'; readonly output: Json }
  | { readonly status: 'failed'; readonly error: ErrorData; readonly step?: string }
  | { readonly status: 'cancelled' };

/** What a burst owes: everything since the run's last commit. */
export interface BurstWrites {
  readonly run: string;
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  /** The run that called it. */
  readonly parent: string | null;
  readonly token: number;
  /** Commits of the run before this one. */
  readonly revision: number;
  /** The wake counter when the inbox was loaded; a higher one now means news, and the run does not park. */
  readonly wakeSeen: number;
  /** Without it the run stands where it stood. */
  readonly state?: RunState;
  /** Keep the run and go on; give it back until something wakes it; or end it. */
  readonly next: 'continue' | 'park' | Ending;
  readonly lease: Lease;
  readonly steps: readonly StepRow[];
  readonly waits: readonly NewWait[];
  readonly timers: readonly NewTimer[];
  readonly signals: readonly {
    readonly id: string;
    /** `kept`: the step could not handle it yet; its next wait gets it again. */
    readonly state: 'accepted' | 'rejected' | 'kept';
    readonly reason?: string;
  }[];
  /** Steps whose open wait and remaining timers end with this burst. */
  readonly endedSteps: readonly { readonly step: string; readonly wait: 'matched' | 'expired' | 'cancelled' }[];
  readonly usedTimers: readonly string[];
  readonly overdueSteps: readonly { readonly step: string }[];
  readonly records: readonly RecordWrite[];
  readonly alerts: readonly NewAlert[];
  readonly closedAlerts: readonly { readonly incident: string }[];
  readonly startedRuns: readonly StartedRun[];
  /** What the request that started the run is answered. */
  readonly answer?: RunAnswer | undefined;
  readonly passes: readonly PassRow[];
  /** Keys of passes that are over or abandoned. */
  readonly closedPasses: readonly { readonly pass: string }[];
  readonly passResults: readonly PassResultRow[];
  /** Loops whose results are needed no more. */
  readonly endedLoops: readonly { readonly step: string }[];
}

/** Whose a row is: every statement takes rows of many bursts. */
export interface Owner {
  readonly run: string;
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
}

type RowLists =
  | 'steps'
  | 'waits'
  | 'timers'
  | 'signals'
  | 'endedSteps'
  | 'overdueSteps'
  | 'records'
  | 'alerts'
  | 'closedAlerts'
  | 'passes'
  | 'closedPasses'
  | 'passResults'
  | 'endedLoops';
export type Owned<List extends RowLists> = BurstWrites[List][number] & Owner;

/** One kind of row of all bursts, each with its owner. */
export function owned<List extends RowLists>(bursts: readonly BurstWrites[], list: List): Owned<List>[] {
  return bursts.flatMap(({ run, tenant, environment, flowId, [list]: writes }) =>
    (writes as readonly object[]).map((row) => ({ ...row, run, tenant, environment, flowId }) as Owned<List>),
  );
}
