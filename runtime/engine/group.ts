import { MillraceError } from '@millrace/contract';
import { isRefusedData } from '../postgres/database-error.ts';

/** Writes that come while another is under way are written together, in one transaction. */
export interface Group<T, R> {
  /** Resolves when the member is durable. */
  add(member: T): Promise<R>;
  /** Writes a member by itself, beside the others: one that waits for a lock keeps nobody waiting. */
  alone(member: T): Promise<R>;
}

export interface GroupRules<T> {
  /** Members of one write at most. */
  readonly most: number;
  /** Two members that have a key in common cannot be in the same write. */
  keysOf?(member: T): readonly string[];
}

interface Pending<T, R> {
  readonly member: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: a lone member is written at once and waits for nobody; members that come while a write is under way
 * share the next one. Where a write fails for what one member may have brought, each is written alone.
 * @param write writes all or nothing; a result for each member, in order
 */
export function createGroup<T, R>(
  write: (members: readonly T[]) => Promise<readonly R[]>,
  rules: GroupRules<T>,
): Group<T, R> {
  let waiting: Pending<T, R>[] = [];
  let writing = false;

  return {
    add(member) {
      return new Promise((resolve, reject) => {
        waiting.push({ member, resolve, reject });
        if (!writing) void writeAll();
      });
    },
    alone: async (member) => (await write([member]))[0] as R,
  };

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const [together, later] = nextGroup(waiting, rules);
      waiting = later;
      await writeTogether(together);
    }
    writing = false;
  }

  async function writeTogether(pending: readonly Pending<T, R>[]): Promise<void> {
    try {
      const results = await write(pending.map(({ member }) => member));
      for (const [index, { resolve }] of pending.entries()) resolve(results[index] as R);
    } catch (error) {
      if (pending.length > 1 && isOfOneMember(error)) for (const one of pending) await writeTogether([one]);
      else for (const { reject } of pending) reject(error);
    }
  }
}

function nextGroup<T, R>(
  waiting: readonly Pending<T, R>[],
  { most, keysOf }: GroupRules<T>,
): [Pending<T, R>[], Pending<T, R>[]] {
  if (!keysOf) return [waiting.slice(0, most), waiting.slice(most)];
  const taken = new Set<string>();
  const together: Pending<T, R>[] = [];
  const later: Pending<T, R>[] = [];
  for (const pending of waiting) {
    const keys = keysOf(pending.member);
    const fits = together.length < most && !keys.some((key) => taken.has(key));
    (fits ? together : later).push(pending);
    // What comes behind a member that has to wait must not overtake it.
    for (const key of keys) taken.add(key);
  }
  return [together, later];
}

function isOfOneMember(error: unknown): boolean {
  return error instanceof MillraceError || isRefusedData(error);
}
