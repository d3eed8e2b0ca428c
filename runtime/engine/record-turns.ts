import { MillraceError } from '@millrace/contract';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import type { Commits } from './commits.ts';

/** Of so many runs it is known at most whom they met; one that is forgotten may meet somebody once more. */
const mostKnown = 10_000;

/**
 * Runs of this process that met at a record go on one after the other. The first attempt of a burst waits for nobody; but a
 * hundred that all began again whenever one of them has changed the record would do most of their work in vain.
 */
export interface RecordTurns {
  /** Resolves when it is the run's turn at the records at which it met others; at once where it met nobody. */
  turnOf(run: string, commits: Commits): Promise<RecordTurn>;
}

/** It lets the next one go on with its first commit, or when it is ended. */
export interface RecordTurn {
  readonly commits: Commits;
  end(): void;
}

export function createRecordTurns(): RecordTurns {
  const met = new Map<string, readonly string[]>();
  /** By record: when the last of those who stand in line has had its turn. */
  const lines = new Map<string, Promise<void>>();

  return {
    async turnOf(run, commits) {
      const { ahead, end } = standInLine(met.get(run) ?? []);
      met.delete(run);
      await Promise.all(ahead);
      return { end, commits: { add: (burst) => commits.add(burst).catch(remember(burst)).finally(end) } };
    },
  };

  /** At all records at once, so that no two wait for each other. */
  function standInLine(records: readonly string[]) {
    const ahead = records.flatMap((record) => lines.get(record) ?? []);
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const record of records) lines.set(record, promise);
    const end = () => {
      for (const record of records) if (lines.get(record) === promise) lines.delete(record);
      resolve();
    };
    return { ahead, end };
  }

  function remember(burst: BurstWrites) {
    return (error: unknown): never => {
      if (isConflict(error)) met.set(burst.run, recordsOf(burst));
      const [oldest] = met.keys();
      if (met.size > mostKnown && oldest !== undefined) met.delete(oldest);
      throw error;
    };
  }
}

/** Others have changed a record that a burst had read: nothing of the burst was written. */
export function isConflict(error: unknown): boolean {
  return error instanceof MillraceError && error.code === 'RECORD_CONFLICT';
}

function recordsOf({ tenant, environment, records }: BurstWrites): string[] {
  return records.map(({ type, id }) => JSON.stringify([tenant, environment, type, id]));
}
