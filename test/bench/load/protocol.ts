/** Stands in bodies for the order's id. */
export const idMark = '@@ID@@';

/** Where load goes, and how one learns what became of it. */
export interface Target {
  /** Orders are posted to these in turn, one address for each process. */
  readonly urls: readonly string[];
  /**
   * `answer`: the answer comes when the flow has ended. Otherwise the answer names the run (`{"runId"}`), and streams of
   * server-sent events (`event: run`, `{"runId", "status"}`) tell of its end once that is durable.
   */
  readonly ended: 'answer' | EventStreams;
  /** What the receiver does with a document that carries `X-Correlation-Id`; {@link idMark} stands for its value. */
  readonly ack?: { readonly url: string; readonly headers: Headers; readonly body: string };
}
export interface EventStreams {
  readonly urls: readonly string[];
  readonly headers: Headers;
}
type Headers = Readonly<Record<string, string>>;

export interface LoadPlan {
  readonly target: Target;
  /** Orders under way at any moment: a closed loop. */
  readonly inFlight: number;
  /** Lines of an order. */
  readonly lines: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Port on which the receiver listens. */
  readonly sinkPort: number;
}

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadFigures {
  /** Flows that ended within the counted time. */
  readonly flows: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** From the first byte of the POST to the end of the run. */
  readonly fromSent: Percentiles;
  /** From the answer to the POST to the end of the run; absent where the answer is the end. */
  readonly fromAccepted?: Percentiles;
  /** Orders that were refused, failed or lost; a figure with any is no figure. */
  readonly failed: number;
  /** What the first of them was told. */
  readonly complaint?: string;
}

/** What the load's process tells: it counts from now on, it has stopped counting, and the result. */
export type LoadMessage =
  | { readonly kind: 'begun' | 'ended' }
  | { readonly kind: 'figures'; readonly figures: LoadFigures };
