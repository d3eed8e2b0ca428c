import { MillraceError } from '@millrace/contract';
import { isRefusedData } from '../postgres/database-error.ts';
import { createKeysInUse, type KeysInUse } from './keys-in-use.ts';

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
  /** What the members of one write may come to; one that is larger is written by itself. */
  readonly size?: { readonly most: number; of(member: T): number };
  /** Keys of one write at most; a member that has more is written by itself. */
  readonly mostKeys?: number;
  /** Two members that have a key in common cannot be in the same write, nor in two at once. */
  keysOf?(member: T): readonly string[];
  /** Shared with groups whose members have such keys too. */
  readonly inUse?: KeysInUse;
}

interface Pending<T, R> {
  readonly member: T;
  readonly size: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

const anySize = { most: Number.POSITIVE_INFINITY, of: () => 0 };

/**
 * Group commit: a lone member is written at once and waits for nobody; members that come while a write is under way
 * share the next one. Where a write fails for what one member may have brought, each is written alone.
 * @param write a result for each member, in order; an error for one that it has left out. Otherwise all or nothing is written
 */
export function createGroup<T, R>(
  write: (members: readonly T[]) => Promise<readonly (R | Error)[]>,
  {
    most,
    size = anySize,
    mostKeys = Number.POSITIVE_INFINITY,
    keysOf = () => [],
    inUse = createKeysInUse(),
  }: GroupRules<T>,
): Group<T, R> {
  let waiting: Pending<T, R>[] = [];
  let writing = false;
  inUse.onFree(() => void writeAll());

  return {
    add(member) {
      return new Promise((resolve, reject) => {
        waiting.push({ member, size: size.of(member), resolve, reject });
        void writeAll();
      });
    },
    async alone(member) {
      const [result] = await write([member]);
      if (result instanceof Error) throw result;
      return result as R;
    },
  };

  async function writeAll(): Promise<void> {
    if (writing) return;
    writing = true;
    for (let next = takeNext(); next.members.length > 0; next = takeNext()) {
      const free = inUse.take([...next.keys]);
      await writeTogether(next.members);
      free();
    }
    writing = false;
  }

  /** What comes behind a member that has to wait does not overtake it. */
  function takeNext() {
    const keys = new Set<string>();
    const passed = new Set<string>();
    const members: Pending<T, R>[] = [];
    const later: Pending<T, R>[] = [];
    let left = size.most;
    for (const pending of waiting) {
      const own = keysOf(pending.member);
      const isSmall = pending.size <= left && keys.size + own.length <= mostKeys;
      const hasRoom = members.length === 0 || (members.length < most && isSmall);
      const fits = hasRoom && !own.some((key) => keys.has(key) || passed.has(key) || inUse.has(key));
      (fits ? members : later).push(pending);
      if (fits) left -= pending.size;
      for (const key of own) (fits ? keys : passed).add(key);
    }
    waiting = later;
    return { members, keys };
  }

  async function writeTogether(pending: readonly Pending<T, R>[]): Promise<void> {
    try {
      const results = await write(pending.map(({ member }) => member));
      for (const [index, { resolve, reject }] of pending.entries()) {
        const result = results[index];
        if (result instanceof Error) reject(result);
        else resolve(result as R);
      }
    } catch (error) {
      if (pending.length > 1 && isOfOneMember(error)) for (const one of pending) await writeTogether([one]);
      else for (const { reject } of pending) reject(error);
    }
  }
}

function isOfOneMember(error: unknown): boolean {
  return error instanceof MillraceError || isRefusedData(error);
}
