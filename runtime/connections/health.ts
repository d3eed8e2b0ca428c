import { type ErrorData, MillraceError } from '@millrace/contract';
import { type Repetition, repeat } from '../engine/repeat.ts';
import type { Log } from '../log.ts';
import { noteOutcome, type Outcome } from '../postgres/connections/health.ts';
import type { Database } from '../postgres/database.ts';
import { distrustGrant } from '../postgres/oauth2/grants.ts';
import type { Hide } from '../secrets/hide-known.ts';

/** A connection that is being used. */
export interface UsedConnection {
  /** Tenant's id. */
  readonly tenant: string;
  readonly id: string;
  readonly hide: Hide;
}

/**
 * What is noted of how connections fare when they are used; written a moment later, as work must not wait for it, and lost
 * where the database is away then.
 */
export interface HealthNotes {
  worked(connection: UsedConnection): void;
  failed(connection: UsedConnection, error: Pick<ErrorData, 'category' | 'code' | 'message'>): void;
  /** Writes what was noted. */
  flush(): Promise<void>;
  /** Ends, after writing. */
  stop(): Promise<void>;
}

/** For simulations, which say nothing of the systems that they play. */
export const noHealthNotes: HealthNotes = {
  worked: () => undefined,
  failed: () => undefined,
  flush: async () => undefined,
  stop: async () => undefined,
};

const pauseMs = 1_000;
/** That a connection works as before is written at most so often. */
const sameAgainMs = 10_000;
/** Of a connection that fails and works in turn, what came last is written. */
const mostTogether = 20;

/** Trouble with the other side, or with the login; what was wrong with the data says nothing of the connection. */
const ofTheConnection: ReadonlySet<string> = new Set<ErrorData['category']>(['auth', 'transient', 'server']);

/** An access token that is refused is renewed, unless it is younger: then it is not the token that is wrong. */
const youngestSeconds = 60;

interface Noted {
  readonly tenant: string;
  readonly outcomes: readonly Outcome[];
}

export function noteHealth(database: Database, log: Log): HealthNotes {
  let noted = new Map<string, Noted>();
  /** When a connection was last written as working, by the clock of this process. */
  const workedAt = new Map<string, number>();
  const writing: Repetition = repeat('noting how connections fare', pauseMs, write, log);

  function note({ tenant, id }: UsedConnection, outcome: Omit<Outcome, 'connection' | 'kind' | 'times'>): void {
    const before = noted.get(id)?.outcomes ?? [];
    const next: Outcome = { connection: id, kind: 'use', times: 1, ...outcome };
    noted.set(id, { tenant, outcomes: joined(before, next).slice(-mostTogether) });
  }

  async function write(): Promise<void> {
    const now = performance.now();
    for (const [id, at] of workedAt) if (now - at > sameAgainMs) workedAt.delete(id);
    const [present, byTenant] = [noted, Map.groupBy(noted.values(), ({ tenant }) => tenant)];
    noted = new Map();
    for (const [id, { outcomes }] of present) if (outcomes.at(-1)?.ok) workedAt.set(id, now);
    for (const [tenant, of] of byTenant) await writeOf(tenant, inOrder(of));
  }

  function writeOf(tenant: string, outcomes: readonly Outcome[]): Promise<void> {
    return database.asTenants([tenant], async (tx) => {
      for (const outcome of outcomes) await noteOutcome(tx, outcome);
      for (const { connection, category } of outcomes)
        if (category === 'auth') await distrustGrant(tx, connection, youngestSeconds);
    });
  }

  return {
    worked(connection) {
      if (workedAt.has(connection.id) && !noted.has(connection.id)) return;
      note(connection, { ok: true, message: 'It works again.' });
    },
    failed(connection, { category, code, message }) {
      if (!ofTheConnection.has(category)) return;
      workedAt.delete(connection.id);
      note(connection, { ok: false, category, code, message: connection.hide(message) });
    },
    flush: () => writing.now(),
    async stop() {
      await writing.now();
      await writing.stop();
    },
  };
}

/**
 * Does work that uses a connection, and notes how that went.
 * @param failureIn the error that its result is, where it is one
 */
export async function noting<T>(
  notes: HealthNotes,
  connection: UsedConnection,
  work: () => T | Promise<T>,
  failureIn: (result: T) => ErrorData | undefined = () => undefined,
): Promise<T> {
  try {
    const result = await work();
    const failure = failureIn(result);
    if (failure) notes.failed(connection, failure);
    else notes.worked(connection);
    return result;
  } catch (error) {
    if (error instanceof MillraceError) notes.failed(connection, error);
    throw error;
  }
}

/** Uses that go alike one after the other are told together. */
function joined(outcomes: readonly Outcome[], next: Outcome): readonly Outcome[] {
  const last = outcomes.at(-1);
  if (!last || last.ok !== next.ok || last.code !== next.code) return [...outcomes, next];
  return [...outcomes.slice(0, -1), { ...next, times: last.times + 1 }];
}

/** In one order everywhere, so that two processes that write at once do not wait for each other. */
function inOrder(noted: readonly Noted[]): Outcome[] {
  return noted.flatMap(({ outcomes }) => outcomes).sort((one, other) => one.connection.localeCompare(other.connection));
}
