import {
  type ErrorOptions,
  MillraceError,
  type MissingRecords,
  type RecordSync,
  type SyncProblem,
  type SyncReport,
} from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';
import type { MissingCount } from '../postgres/records/missing-records.ts';
import type { Gathered } from './gather-items.ts';
import { checkTransition, lifecycleOf } from './lifecycle.ts';
import type { Syncing } from './syncing.ts';

/**
 * States that no record could ever reach are the author's mistake, whatever the items are.
 * @throws {MillraceError} `RECORD_WITHOUT_LIFECYCLE`, `TRANSITION_FORBIDDEN`
 */
export function checkTargets(type: RecordType, missing: MissingRecords | undefined): void {
  if (missing?.to === undefined) return;
  const { to, back } = missing;
  const { field, transitions } = lifecycleOf(type);
  if (!Object.values(transitions).some((targets) => targets.includes(to)))
    throw refused('TRANSITION_FORBIDDEN', `No state of “${type.id}” may be followed by ${to}.`, {
      pointer: '/missing/to',
    });
  if (back !== undefined) checkTransition(type, { [field]: to }, back);
}

/**
 * Whether the items are such that records may be changed by them.
 * @throws {MillraceError} `SYNC_INCOMPLETE`, `SYNC_INVALID`, `SYNC_ID_MISSING`
 */
export function checkGathered({ sync }: Pick<Syncing, 'sync'>, gathered: Gathered): void {
  const { received, invalid, unidentified } = gathered;
  const { leastCount = 0 } = sync;
  const problems = gathered.problems.map(asProblem);
  if (sync.expectedCount !== undefined && sync.expectedCount !== received)
    throw refused('SYNC_INCOMPLETE', `${sync.expectedCount} items were announced, and ${received} came.`, {
      pointer: '/expectedCount',
    });
  if (received < leastCount)
    throw refused('SYNC_INCOMPLETE', `${received} items came, and at least ${leastCount} are expected.`, {
      pointer: '/leastCount',
    });
  if (sync.onInvalid === 'fail' && invalid > 0)
    throw refused('SYNC_INVALID', `${invalid} of ${received} items are not valid.`, { problems });
  if (sync.missing && unidentified > 0)
    throw refused(
      'SYNC_ID_MISSING',
      `${unidentified} items have no id, so that nobody can say which records are missing.`,
      { problems },
    );
}

function asProblem({ item, code, pointer, message }: SyncProblem) {
  return { code, pointer: `/${item}${pointer}`, message };
}

/** @throws {MillraceError} `SYNC_TOO_DIFFERENT` */
export function checkShare({ active, missing }: MissingCount, { mostPercent }: MissingRecords): void {
  if (missing * 100 <= active * mostPercent) return;
  throw refused(
    'SYNC_TOO_DIFFERENT',
    `${missing} of ${active} records are missing, which is more than ${mostPercent} %.`,
    {
      details: { active, missing, mostPercent },
    },
  );
}

/** @throws {MillraceError} `SYNC_TOO_DIFFERENT` */
export function checkChanged(
  { changed, left, unchanged }: Pick<SyncReport, 'changed' | 'left' | 'unchanged'>,
  { mostChangedPercent = 100 }: Pick<RecordSync, 'mostChangedPercent'>,
): void {
  const known = changed + left + unchanged;
  if (changed * 100 <= known * mostChangedPercent) return;
  throw refused(
    'SYNC_TOO_DIFFERENT',
    `${changed} of ${known} records would change, which is more than ${mostChangedPercent} %.`,
    { details: { known, changed, mostChangedPercent } },
  );
}

/** The staging table is not logged: a crash of the database server empties it. */
export function interrupted(cause?: unknown): MillraceError {
  const options = { category: 'transient', cause } as const;
  return refused('SYNC_INTERRUPTED', 'The database was interrupted while the items were gathered.', options);
}

/** What the database refuses may pass: another writer was first (23505), or is at it, or it was away for a moment. */
export function fromDatabase(thrown: unknown): unknown {
  if (isLostConnection(thrown)) return interrupted(thrown);
  if (!isPassing(thrown) && (thrown as { code?: unknown } | undefined)?.code !== '23505') return thrown;
  const options = { category: 'transient', cause: thrown } as const;
  return refused('SYNC_CONFLICT', 'Somebody else wrote the same records at the same moment.', options);
}

export function refused(code: string, message: string, options: ErrorOptions): MillraceError {
  return new MillraceError(code, `${message} Nothing was changed.`, options);
}
