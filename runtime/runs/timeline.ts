import type { FlowDocument } from '@millrace/flow';
import type { AlertRow } from '../postgres/queries/list-alerts.ts';
import type { RunRow } from '../postgres/queries/list-runs.ts';
import type { SignalRow } from '../postgres/queries/list-signals.ts';
import type { StoredStep } from '../postgres/queries/load-steps.ts';
import type { StoredWait } from '../postgres/queries/load-waits.ts';

const kinds = ['trigger', 'signal', 'step', 'failure', 'wait', 'overdue', 'alert', 'end'] as const;

/** One thing that happened in a run, in plain words. */
export interface TimelineEntry {
  /** ISO time. */
  readonly at: string;
  /** Key of the step that it is about. */
  readonly step: string | null;
  readonly text: string;
  readonly kind: (typeof kinds)[number];
}

/** What is stored of a run. */
export interface RunHistory {
  readonly run: Pick<RunRow, 'triggerNode' | 'source' | 'startedAt' | 'finishedAt' | 'status' | 'error'>;
  readonly document: FlowDocument;
  readonly steps: readonly StoredStep[];
  readonly waits: readonly StoredWait[];
  readonly signals: readonly SignalRow[];
  readonly alerts: readonly AlertRow[];
}

/** The run's story, oldest first; what happened at one instant is told in the order of cause and effect. */
export function timeline(history: RunHistory): TimelineEntry[] {
  const { run, steps, waits, signals, alerts } = history;
  const words = wordsOf(history);
  return [
    entry('trigger', run.startedAt, run.triggerNode, `${words.title(run.triggerNode)} received by ${run.source}`),
    ...steps.flatMap((step) => stepEntries(step, words)),
    ...waits.flatMap((wait) => waitEntries(wait, words)),
    ...signals.map((signal) => signalEntry(signal, words)),
    ...alerts.filter(isNews).map((alert) => entry('alert', alert.at, null, `Alert: ${alert.message}`)),
    ...endEntries(run),
  ].sort((one, other) => one.at.localeCompare(other.at) || kinds.indexOf(one.kind) - kinds.indexOf(other.kind));
}

interface Words {
  /** What people call a node. */
  title(node: string): string;
  /** What a step waits for. */
  awaited(step: string | null): string;
}

function wordsOf({ document, steps }: RunHistory): Words {
  const nodeOf = new Map(steps.map(({ key, node }) => [key, document.nodes[node]]));
  return {
    title: (node) => document.nodes[node]?.title ?? node,
    awaited: (step) => (nodeOf.get(step ?? '')?.type.endsWith('-ack') ? 'acknowledgement' : 'signal'),
  };
}

function entry(kind: TimelineEntry['kind'], at: Date, step: string | null, text: string): TimelineEntry {
  return { at: at.toISOString(), step, text, kind };
}

function stepEntries(step: StoredStep, { title }: Words): TimelineEntry[] {
  const { key, status, startedAt, finishedAt, attempts } = step;
  const name = title(step.node);
  const reason = step.error?.message ?? 'no reason is known';
  const attempt = attempts > 1 ? ` (attempt ${attempts})` : '';
  if (status === 'failed')
    return [entry('failure', finishedAt ?? startedAt, key, `${name} failed${attempt}: ${reason}`)];
  if (status === 'retrying')
    return [entry('failure', startedAt, key, `${name} failed${attempt}${nextAttempt(step)}: ${reason}`)];
  if (status !== 'done' || finishedAt === null) return [];
  return [entry('step', finishedAt, key, `${name} – ${portWord(step.port)}${attempt}`)];
}

function nextAttempt({ nextRetryAt }: StoredStep): string {
  return nextRetryAt ? `, tried again at ${nextRetryAt.toISOString()}` : '';
}

/** Ports are named by what happened (`valid`, `delivered`, `acked`); `out` and `error` are not. */
function portWord(port: string | null): string {
  if (port === null || port === 'out') return 'done';
  return port === 'error' ? 'went out by its error port' : port;
}

function waitEntries(wait: StoredWait, { awaited }: Words): TimelineEntry[] {
  const what = `${awaited(wait.step)} of ${wait.key}`;
  const due = wait.dueAt ? `, due by ${wait.dueAt.toISOString()}` : '';
  const { step, openedAt, overdueSince, closedAt } = wait;
  return [
    entry('wait', openedAt, step, `Waiting for the ${what}${due}`),
    ...(overdueSince ? [entry('overdue', overdueSince, step, `The ${what} is overdue`)] : []),
    ...(wait.state === 'expired' && closedAt
      ? [entry('failure', closedAt, step, `The ${what} did not come in time`)]
      : []),
  ];
}

function signalEntry({ state, key, source, receivedAt, reason, step }: SignalRow, { awaited }: Words): TimelineEntry {
  const what = `${awaited(step) === 'acknowledgement' ? 'Acknowledgement' : 'Signal'}${key === null ? '' : ` of ${key}`}`;
  const fate = state === 'matched' || state === 'accepted' ? 'received' : state;
  return entry('signal', receivedAt, step, `${what} from ${source} ${fate}${reason === null ? '' : `: ${reason}`}`);
}

/** An overdue wait is told by itself already. */
function isNews({ code }: AlertRow): boolean {
  return code !== 'WAIT_OVERDUE';
}

function endEntries({ status, finishedAt, error }: RunHistory['run']): TimelineEntry[] {
  if (finishedAt === null) return [];
  if (status === 'failed') return [entry('end', finishedAt, null, `Failed: ${error?.message ?? 'no reason is known'}`)];
  return [entry('end', finishedAt, null, status === 'cancelled' ? 'Cancelled' : 'Finished')];
}
