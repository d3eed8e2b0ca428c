/** Shapes of `/api/v1` as the studio reads them. */
import type { ConnectionDescription, ErrorData, Json, NodeDescription, Problem } from '@millrace/contract';
import type { FlowBundle, FlowDocument, FlowLayout } from '@millrace/flow';

export type { ConnectionDescription, ErrorData, FlowBundle, FlowDocument, FlowLayout, Json, NodeDescription, Problem };

export interface Session {
  readonly tenant: { readonly slug: string; readonly name: string; readonly timeZone: string };
  readonly user: { readonly name: string } | null;
  readonly demo: boolean;
  readonly environment: string;
}

export interface Catalogue {
  readonly nodes: readonly NodeDescription[];
  readonly connections: readonly ConnectionDescription[];
}

export interface Deployed {
  readonly environment: string;
  /** Hash of the version's content. */
  readonly version: string;
  readonly deployedAt: string;
}

export interface FlowSummary {
  readonly id: string;
  readonly name: string;
  readonly description?: string | null;
  readonly revision: number;
  readonly updatedAt: string;
  readonly deployed: Deployed | null;
  readonly changedSinceDeploy: boolean;
  readonly runs24h: { readonly succeeded: number; readonly failed: number; readonly open: number };
  /** How many problems the draft has, where the server counts them for the list. */
  readonly problems?: number;
}

export interface FlowDetail {
  readonly id: string;
  readonly revision: number;
  readonly updatedAt: string;
  readonly bundle: FlowBundle;
  readonly problems: readonly Problem[];
  readonly deployed: Deployed | null;
  readonly changedSinceDeploy: boolean;
  readonly hookUrls: readonly { readonly node: string; readonly method: string; readonly url: string }[];
}

/** An expression of a draft, and in which process it is evaluated. */
export interface ListedExpression {
  readonly node: string;
  readonly pointer: string;
  readonly text: string;
  readonly runs: 'engine' | 'guarded' | 'refused';
  readonly why: readonly { readonly code: string; readonly message: string }[];
}

export const runStatuses = ['running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];
export type StepStatus = 'running' | 'waiting' | 'retrying' | 'done' | 'failed';

export interface RunSummary {
  readonly id: string;
  readonly flowId: string;
  readonly flowName: string;
  /** Hash of the version's content. */
  readonly version: string;
  readonly environment: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly trigger: { readonly node: string; readonly source: string };
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly overdue: boolean;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  readonly next: string | null;
}

export interface Step {
  readonly key: string;
  readonly node: string;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly port: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: ErrorData | null;
  readonly nextRetryAt: string | null;
}

export interface RunWait {
  readonly id: string;
  readonly step: string;
  readonly channel: string;
  readonly key: string;
  readonly state: 'open' | 'matched' | 'expired' | 'cancelled';
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly expiresAt: string | null;
  readonly overdueSince: string | null;
}

export interface TimelineEntry {
  readonly at: string;
  readonly step: string | null;
  readonly text: string;
  readonly kind: string;
}

export interface RunDetail extends Omit<RunSummary, 'trigger' | 'error'> {
  readonly document: FlowDocument;
  readonly layout: FlowLayout;
  readonly trigger: { readonly node: string; readonly source: string; readonly payload: Json; readonly meta: Json };
  readonly output: Json;
  readonly error: ErrorData | null;
  readonly steps: readonly Step[];
  readonly waits: readonly RunWait[];
  readonly timeline: readonly TimelineEntry[];
}

export interface BoundConnection {
  readonly id: string;
  readonly environment: string;
  readonly name: string;
  readonly type: string;
  readonly usedBy: readonly { readonly flow: string; readonly slot: string; readonly environment: string }[];
}

export interface Alert {
  readonly id: string;
  readonly at: string;
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly runId: string | null;
  readonly flowId: string | null;
}

export interface EvaluationError {
  readonly code: string;
  readonly message: string;
  /** Offset into the expression, in UTF-16 units. */
  readonly position?: number;
}
export type Evaluation = { readonly result?: Json; readonly error?: undefined } | { readonly error: EvaluationError };
