import type { ErrorData, Json, JsonObject, Wait } from '@millrace/contract';
import type { PassKey, StepKey } from './step-key.ts';

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
  | { readonly type: 'expire'; readonly step: StepKey; readonly at: string }
  | LoopEvent;

/** What has happened to a step with a body. */
export type LoopEvent =
  /** The node wants its body once for each item; `total` where the length of the list is known. */
  | {
      readonly type: 'each';
      readonly step: StepKey;
      readonly total?: number;
      readonly concurrency: number;
      readonly onItemError: EachPasses['onItemError'];
      readonly at: string;
    }
  /** An item that `nextItem` asked for. */
  | { readonly type: 'item'; readonly step: StepKey; readonly index: number; readonly input: Json; readonly at: string }
  /** The list has ended before the item that `nextItem` asked for. */
  | { readonly type: 'noItem'; readonly step: StepKey; readonly index: number; readonly at: string }
  /** The node wants its body once more. */
  | { readonly type: 'pass'; readonly step: StepKey; readonly input: Json; readonly at: string };

/** What the engine shall do now. */
export type Action =
  | { readonly type: 'perform'; readonly step: StepKey }
  | { readonly type: 'resume'; readonly step: StepKey; readonly signalId: string }
  | { readonly type: 'openWait'; readonly step: StepKey; readonly wait: Wait }
  | { readonly type: 'retryAt'; readonly step: StepKey; readonly at: string; readonly error: ErrorData }
  | ({ readonly type: 'alert'; readonly step: StepKey } & Alert)
  | LoopAction;

export type LoopAction =
  /** Read the item, and answer `item` or `noItem`. */
  | { readonly type: 'nextItem'; readonly step: StepKey; readonly index: number }
  /** A pass of an `each` has ended: keep its result until all are gathered. */
  | ({ readonly type: 'keepResult'; readonly step: StepKey; readonly index: number } & PassResult)
  /** The pass of a `pass` has ended, by an event of that time: give its output to the node's `passEnded`. */
  | {
      readonly type: 'passEnded';
      readonly step: StepKey;
      readonly index: number;
      readonly output: Json;
      readonly at: string;
    }
  /** All passes of an `each` have ended: put their results together and emit them. */
  | { readonly type: 'gather'; readonly step: StepKey; readonly failed: number }
  /** These passes have failed or are abandoned: what is under way in them, waits and timers (`<pass>/…`), ends. */
  | { readonly type: 'dropPasses'; readonly step: StepKey; readonly passes: readonly PassKey[] }
  /** The loop has failed for good by what became of its passes, not by an event of its own. */
  | { readonly type: 'loopFailed'; readonly step: StepKey; readonly error: ErrorData };

export type PassResult = { readonly output: Json } | { readonly error: ErrorData };

/** Something that people should know of. */
export interface Alert {
  readonly code: string;
  readonly message: string;
  readonly severity: 'warning' | 'high';
}

/**
 * Where a run stands: its own machine, and one for each pass under way. Plain JSON (numbers may be `ExactNumber`), to be
 * written with `writeJson` and read with `readJson`. A state that is decided on needs only the passes in which its
 * events happen, with those around them; the others may be left where they are stored.
 */
export interface RunState extends MachineState {
  readonly passes?: Readonly<Record<PassKey, MachineState>>;
}

/** Where one machine stands: the run's own or a pass's. A pass's `context.trigger` is the loop with the item as payload. */
export interface MachineState {
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
  /** Steps activated so far. */
  readonly started: number;
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
  readonly wait?: { readonly channel: string; readonly key: string; readonly passesOnAfter?: string };
  /** Of a loop that has begun. */
  readonly passes?: Passes;
}

/** A loop's account of its passes; items and results are kept elsewhere. */
export type Passes = EachPasses | RepeatedPasses;
export interface EachPasses {
  readonly kind: 'each';
  /** Passes at once, those whose item has been asked for included. */
  readonly concurrency: number;
  /** `stop`: the first failed pass ends the loop. `continue`: it is counted. */
  readonly onItemError: 'stop' | 'continue';
  /** Number of items, once it is known. */
  readonly total?: number;
  /** Index of the next item to ask for. */
  readonly next: number;
  /** Items asked for that have not come. */
  readonly asked: readonly number[];
  readonly running: readonly number[];
  /** Passes over, the failed ones included. */
  readonly ended: number;
  readonly failed: number;
}
export interface RepeatedPasses {
  readonly kind: 'pass';
  /** Index of the next pass. */
  readonly next: number;
  /** The pass under way, or ended while the node has not said what follows. */
  readonly running: readonly number[];
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
  /** The event's step has failed by it, even where it said that it had not: it cannot leave through a port that leads nowhere. */
  readonly failed?: boolean;
  /** Where passes have begun, moved or gone. */
  readonly passes?: PassChanges;
}

/** What has to be stored of the passes. */
export interface PassChanges {
  /** Passes that have begun or moved, by the outermost first. */
  readonly changed: readonly PassKey[];
  /** Passes that are over or abandoned; with each goes all that is under it (`<pass>/…`). */
  readonly gone: readonly PassKey[];
  /** Whether the run's own machine has moved too. */
  readonly root: boolean;
}
