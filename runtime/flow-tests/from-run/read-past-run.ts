import { type Json, MillraceError } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { tablesNamed } from '@millrace/mapping';
import type { Foundation } from '../../engine/engine.ts';
import { largeValues } from '../../payloads/large-values.ts';
import { type CodeEntry, listCodeTables, listEntries } from '../../postgres/code-tables/code-tables.ts';
import type { Tx } from '../../postgres/database.ts';
import { loadBundle } from '../../postgres/flows/load-versions.ts';
import { loadRun, type RunDetailRow } from '../../postgres/queries/load-run.ts';
import { loadSteps, type StoredStep } from '../../postgres/queries/load-steps.ts';
import { loadWaits } from '../../postgres/queries/load-waits.ts';

/** A run that has ended, with all that a test needs of it. */
export interface PastRun {
  readonly run: RunDetailRow;
  /** With what they got and gave as it was, however large. */
  readonly steps: readonly StoredStep[];
  /** Of the flow; as they are now. */
  readonly recordTypes: Json;
  readonly tables: ReadonlyMap<string, PastTable>;
}

/** A code table that the flow names, as it is now. */
export interface PastTable {
  readonly entries: readonly CodeEntry[];
  /** Nothing of it has changed since the run, and nothing does by itself. */
  readonly isSame: boolean;
}

type Services = Pick<Foundation, 'database' | 'payloads'>;

/**
 * @param texts expressions of a document
 * @throws {MillraceError} `NOT_FOUND`, `RUN_NOT_ENDED`, `RUN_NOT_REPEATABLE`
 */
export async function readPastRun(
  { database, payloads }: Services,
  tenant: string,
  id: string,
  texts: (document: FlowDocument) => readonly string[],
): Promise<PastRun> {
  const stored = await database.asTenants([tenant], async (tx) => {
    const run = await loadRun(tx, id);
    if (!run) throw new MillraceError('NOT_FOUND', 'This run does not exist.', { category: 'not-found' });
    refuseOpen(run);
    const names = new Set(texts(run.document).flatMap(tablesNamed));
    const [steps, waits] = [await loadSteps(tx, id), await loadWaits(tx, id)];
    const expired = new Map(waits.filter(({ state }) => state === 'expired').map((wait) => [wait.step, wait]));
    const version = await loadBundle(tx, run.flowId, run.version);
    const recordTypes = (version?.bundle.records ?? []) as unknown as Json;
    return { run, steps, expired, recordTypes, tables: await tablesOf(tx, tenant, run, names) };
  });
  const values = largeValues(payloads, { tenant, run: id });
  const { expired, ...past } = stored;
  const steps = past.steps.map(async (step): Promise<StoredStep> => {
    const wait = step.port === 'expired' ? expired.get(step.key) : undefined;
    // The history has nothing of what a wait gives whose time is over.
    const output = wait
      ? { channel: wait.channel, key: wait.key, expiredAt: step.finishedAt?.toISOString() ?? null }
      : await values.load(step.output);
    return { ...step, input: await values.load(step.input), output };
  });
  return { ...past, steps: refuseUnfinished(await Promise.all(steps)) };
}

function refuseOpen({ status }: RunDetailRow): void {
  if (status === 'succeeded' || status === 'failed') return;
  if (status === 'cancelled') throw notRepeatable('This run was cancelled, which no test repeats.');
  throw new MillraceError('RUN_NOT_ENDED', 'This run has not ended yet.', { category: 'cancelled' });
}

function refuseUnfinished(steps: readonly StoredStep[]): readonly StoredStep[] {
  const open = steps.find(({ status }) => status !== 'done' && status !== 'failed');
  if (open)
    throw notRepeatable(`This run ended before “${open.node}” did, so that nobody knows what that would have given.`);
  return steps;
}

function notRepeatable(message: string): MillraceError {
  return new MillraceError('RUN_NOT_REPEATABLE', message, { category: 'cancelled' });
}

async function tablesOf(
  tx: Tx,
  tenant: string,
  { environment, startedAt }: RunDetailRow,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, PastTable>> {
  const present = (await listCodeTables(tx, tenant, environment)).filter(({ name }) => names.has(name));
  const tables = new Map<string, PastTable>();
  for (const { name, updatedAt } of present) {
    const entries = await listEntries(tx, { tenant, environment, name });
    const isDated = entries.some(({ validFrom, validTo }) => validFrom !== null || validTo !== null);
    tables.set(name, { entries, isSame: updatedAt < startedAt && !isDated });
  }
  return tables;
}
