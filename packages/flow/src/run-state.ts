import type { ErrorData, Json, JsonObject, Wait } from '@millrace/contract';
import type { StepKey } from './plan.ts';

export interface TriggerEvent {
  readonly node: string;
  readonly payload: Json;
  readonly meta: JsonObject;
  /** ISO time at which the trigger was accepted. */
  readonly at: string;
}

/** What has happened to an active step. Events for steps that are not active change nothing (`Decision.ignored`). */
export type StepEvent =
  | { readonly type: 'emit'; readonly step: StepKey; readonly port: string; readonly data: Json; readonly at: string }
  /** `final`: another attempt would fail the same way. */
  | {
      readonly type: 'fail';
      readonly step: StepKey;
      readonly error: ErrorData;
      readonly at: string;
      readonly final?: boolean;
    }
  | { readonly type: 'wait'; readonly step: StepKey; readonly wait: Wait; readonly at: string }
  | { readonly type: 'signal'; readonly step: StepKey; readonly signalId: string; readonly at: string }
  | { readonly type: 'retry'; readonly step: StepKey; readonly at: string }
  | { readonly type: 'due'; readonly step: StepKey; readonly at: string }
  | { readonly type: 'expire'; readonly step: StepKey; readonly at: string };

/** What the engine shall do now. */
export type Action =
  | { readonly type: 'perform'; readonly step: StepKey }
  | { readonly type: 'resume'; readonly step: StepKey; readonly signalId: string }
  | { readonly type: 'openWait'; readonly step: StepKey; readonly wait: Wait }
  | { readonly type: 'retryAt'; readonly step: StepKey; readonly at: string; readonly error: ErrorData }
  | ({ readonly type: 'alert'; readonly step: StepKey } & Alert);

/** Something that people should know of. */
export interface Alert {
  readonly code: string;
  readonly message: string;
  readonly severity: 'warning' | 'high';
}

/** Where a run stands: plain JSON (numbers may be `ExactNumber`), to be written with `writeJson` and read with `readJson`. */
export interface RunState {
  /** The machine's state value. */
  readonly value: Json;
  readonly context: RunContext;
  readonly outcome?: Outcome;
}

export type Outcome =
  | { readonly outcome: 'succeeded'; readonly output: Json }
  | { readonly outcome: 'failed'; readonly error: ErrorData; readonly step?: StepKey };

export interface RunContext {
  readonly trigger: TriggerEvent;
  /** Latest output of each step that has emitted. */
  readonly outputs: Readonly<Record<StepKey, Json>>;
  /** Error of each step that has gone out through its error port. */
  readonly errors: Readonly<Record<StepKey, ErrorData>>;
  readonly active: Readonly<Record<StepKey, ActiveStep>>;
  /** What waits at the join of each open fan-out (by the fan-out's id). */
  readonly arrivals: Readonly<Record<string, readonly Arrival[]>>;
  /** Steps (or the trigger's node id) at which a branch ended: the run's output is theirs. */
  readonly ends: readonly StepKey[];
  /** ISO time of the latest event. */
  readonly at: string;
  /** Why the run failed. */
  readonly failure?: { readonly error: ErrorData; readonly step: StepKey };
}

export interface ActiveStep {
  /** Step (or the trigger's node id) whose output is the input; several at a join. */
  readonly from: StepKey | readonly StepKey[];
  /** Step whose error led here, directly or some steps back: bound as `$error`. */
  readonly errorOf?: StepKey;
  /** ISO time of the event that activated it; the step's `$now`. Pure steps pass their own on, so it repeats after a crash. */
  readonly activatedAt: string;
  /** Failed attempts so far. */
  readonly failures: number;
  readonly firstFailedAt?: string;
  /** ISO time of the next attempt, while the step rests after a failure. */
  readonly retryAt?: string;
  /** The alert about its failures has been raised. */
  readonly alerted?: boolean;
  readonly waiting?: boolean;
  /** What it waits for, while `waiting`. */
  readonly wait?: { readonly channel: string; readonly key: string };
}

/** A branch that has reached its join. */
export interface Arrival {
  readonly from: StepKey | readonly StepKey[];
  readonly errorOf?: StepKey;
}

export interface Decision {
  readonly state: RunState;
  readonly actions: readonly Action[];
  /** The event was for a step that is no longer active. */
  readonly ignored: boolean;
}
