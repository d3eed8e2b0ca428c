/** Shapes of `/api/v1` by their names in the studio. */
import type { ConnectionDescription, ErrorData, Json, JsonObject, NodeDescription, Problem } from '@millrace/contract';
import type { FlowBundle, FlowDocument } from '@millrace/flow';
import type { AnswerTo } from './client.ts';

export type { ConnectionDescription, ErrorData, FlowBundle, FlowDocument, Json, JsonObject, NodeDescription, Problem };

export type Session = AnswerTo<'get /session'>;

export const environments = ['sandbox', 'production'] as const;
export type Environment = (typeof environments)[number];

/** What the instance's packs bring, as the packs' own types have it. */
export interface Catalogue {
  readonly nodes: readonly NodeDescription[];
  readonly connections: readonly ConnectionDescription[];
}

export type FlowSummary = AnswerTo<'get /flows'>['flows'][number];
export type FlowDetail = AnswerTo<'get /flows/{id}'>;

export const runStatuses = ['running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];

export type RunPage = AnswerTo<'get /runs'>;
export type RunSummary = RunPage['runs'][number];
export type OpenWait = AnswerTo<'get /waits'>['waits'][number];
export type UnmatchedSignal = AnswerTo<'get /signals'>['signals'][number];
export type DeadLetter = AnswerTo<'get /dead-letters'>['deadLetters'][number];

type AnsweredRun = AnswerTo<'get /runs/{id}'>;
interface Failing {
  readonly error: ErrorData | null;
}
export type Step = Omit<AnsweredRun['steps'][number], 'error'> & Failing;
export type RunWait = AnsweredRun['waits'][number];
export type TimelineEntry = AnsweredRun['timeline'][number];
/** The document is one that was deployed, so it is as the flow package has it. */
export type RunDetail = Omit<AnsweredRun, 'document' | 'steps' | 'error'> &
  Failing & { readonly document: FlowDocument; readonly steps: readonly Step[] };

export type Alert = AnswerTo<'get /alerts'>['alerts'][number];

export type EvaluationError = Extract<AnswerTo<'post /evaluate'>, { readonly error: unknown }>['error'];
export type Evaluation = { readonly result?: Json; readonly error?: undefined } | { readonly error: EvaluationError };
