import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorData, MillraceError, toErrorData } from '@millrace/contract';
import { repeat } from '../../engine/repeat.ts';
import type { Tx } from '../../postgres/database.ts';
import { type ClaimedSource, endPoll, loadClaimed, type PollEnd } from '../../postgres/sources/polls.ts';
import { raiseSourceAlert } from '../../postgres/sources/raise-source-alert.ts';
import { claimSources, extendSources, releaseSources, type SourceHold } from '../../postgres/sources/source-leases.ts';
import { alertAfter, pauseAfter } from './poll-pause.ts';
import { pollSource } from './poll-source.ts';
import type { SourceServices } from './source-services.ts';

export interface Sources {
  /** Polls what is due now; resolves when that is done. */
  look(): Promise<void>;
  /** Aborts the polls under way and gives the sources to whoever comes next. */
  stop(): Promise<void>;
}

export interface SourceOptions {
  /** Whom the leases are made out to. */
  readonly holder: string;
  /** How long a process that has died keeps others away. */
  readonly leaseMs?: number;
}

/** Sooner than a second, since a deployment is to take effect within one. */
const claimPauseMs = 250;
/** Polls at once in one process. */
const mostPolls = 32;
/** For a poll that does not heed its being aborted. */
const patienceMs = 5_000;

interface PollUnderWay {
  readonly hold: SourceHold;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Polls the sources of all deployments. Which there are, and when they are due, is read from their rows again and again,
 * never remembered; each is polled by the one process that holds its lease.
 */
export function pollSources(services: SourceServices, { holder, leaseMs = 15_000 }: SourceOptions): Sources {
  const { database, leaseDatabase, log } = services;
  const underWay = new Map<string, PollUnderWay>();
  const claims = repeat('claiming sources', claimPauseMs, claim, log);
  // A lease that was not extended in time is lost: here a failure is no reason to pause for longer.
  const leases = repeat('extending the leases of sources', leaseMs / 4, extend, log, leaseMs / 4);

  async function claim(): Promise<void> {
    const limit = mostPolls - underWay.size;
    if (limit <= 0) return;
    const claimed = await database.asScanner((tx) => claimSources(tx, { holder, leaseMs, limit }));
    for (const hold of claimed) start(hold);
  }

  function start(hold: SourceHold): void {
    const key = keyOf(hold);
    const abort = new AbortController();
    const done = poll({ hold, signal: abort.signal, leaseMs }, services).finally(() => underWay.delete(key));
    underWay.set(key, { hold, abort, done });
  }

  async function extend(): Promise<void> {
    const polls = [...underWay.values()];
    if (polls.length === 0) return;
    const holds = polls.map(({ hold }) => hold);
    const kept = new Set((await leaseDatabase.asScanner((tx) => extendSources(tx, holds, leaseMs))).map(keyOf));
    for (const { hold, abort } of polls) if (!kept.has(keyOf(hold))) abort.abort();
  }

  const ended = () => Promise.all([...underWay.values()].map(({ done }) => done));

  return {
    async look() {
      await claims.now();
      await ended();
    },
    async stop() {
      await claims.stop();
      for (const { abort } of underWay.values()) abort.abort();
      await Promise.race([ended(), sleep(patienceMs, undefined, { ref: false })]);
      await leases.stop();
      await database.asScanner((tx) => releaseSources(tx, holder));
    },
  };
}

/** Every claim is a poll of its own. */
function keyOf({ tenant, environment, flowId, node, token }: SourceHold): string {
  return JSON.stringify([tenant, environment, flowId, node, token]);
}

interface Claimed {
  readonly hold: SourceHold;
  readonly signal: AbortSignal;
  readonly leaseMs: number;
}

/** Never rejects: a poll whose end cannot be written is claimed again when its lease has run out. */
async function poll({ hold, signal, leaseMs }: Claimed, services: SourceServices): Promise<void> {
  const { database, log } = services;
  try {
    const source = await database.asTenants([hold.tenant], (tx) => loadClaimed(tx, hold));
    if (!source) return;
    const error = await failureOf(pollSource({ hold, source, signal }, services), services);
    if (signal.aborted || error?.code === 'SOURCE_LOST') return;
    const end = { leaseMs, ...endOf(source, error) };
    await database.asTenants([hold.tenant], (tx) => settle(tx, hold, end));
  } catch (error) {
    log.warn({ err: error, flow: hold.flowId, node: hold.node }, 'a poll broke off; the source is polled again');
  }
}

/** The detail of an error that is not ours may hold secrets: it is logged, and shown as `INTERNAL`. */
async function failureOf(polling: Promise<void>, { log }: SourceServices): Promise<ErrorData | undefined> {
  try {
    await polling;
    return undefined;
  } catch (error) {
    if (!(error instanceof MillraceError)) log.error({ err: error }, 'a trigger broke off');
    return toErrorData(error);
  }
}

function endOf(source: ClaimedSource, error: ErrorData | undefined): Pick<PollEnd, 'pauseMs' | 'error'> {
  const { everyMs, failures, failingSince, now } = source;
  if (!error) return { pauseMs: everyMs };
  const failed = { error, failures: failures + 1, failingSince: failingSince ?? now, now, everyMs };
  return { error, pauseMs: Math.round(pauseAfter(failed, Math.random)) };
}

async function settle(tx: Tx, hold: SourceHold, end: PollEnd): Promise<void> {
  const trouble = await endPoll(tx, hold, end);
  if (!end.error || !trouble || trouble.failures < alertAfter) return;
  await raiseSourceAlert(tx, hold, trouble, end.error.message);
}
