import { type PollContext, writeJson } from '@millrace/contract';
import { type Entry, type ExchangeConfig, type FileExchange, isTrouble, within } from '@millrace/file-exchange';
import { claim, claimedBefore } from './claim.ts';
import { awaited } from './inbox.ts';
import { refusedName } from './set-aside.ts';
import { lookAgain, type Sightings } from './settled.ts';
import { NotAccepted, refuse, take, type Work } from './take.ts';

/** What a watch wants, defaults filled in. */
export interface Wanted {
  readonly pattern: string;
  /** Milliseconds for which a file must not have changed. */
  readonly quietMs: number;
  /** Files that one poll takes. */
  readonly most: number;
}

/** Files of the inbox that are looked at in one poll, for each that may be taken: the cursor stays small. */
const lookedAtForEachTaken = 5;

/**
 * Takes the files that were claimed before and those that lie still, oldest first. One that cannot be taken now does not
 * hold up the others; the first such error is thrown at the end. What `accept` fails with ends the poll: it is not the
 * file's fault.
 */
export async function pollFolder(work: Work, wanted: Wanted): Promise<void> {
  const { exchange, folders, ctx } = work;
  const unfinished = await claimedBefore(exchange, folders, wanted.pattern);
  const settled = await settledFiles(exchange, folders.inbox, wanted, ctx);
  if (settled.length > 0) await exchange.ensureFolder(folders.processing);
  // Limited each by itself, so that files which stay claimed do not keep new ones out.
  const tasks = [
    ...unfinished.slice(0, wanted.most).map((file) => () => take(work, file)),
    ...settled.slice(0, wanted.most).map((entry) => () => takeSettled(work, entry)),
  ];
  await eachByItself(tasks, ctx);
}

async function settledFiles(
  exchange: FileExchange,
  inbox: string,
  { pattern, quietMs, most }: Wanted,
  ctx: PollContext<ExchangeConfig>,
): Promise<readonly Entry[]> {
  const files = awaited((await exchange.list(inbox)) ?? [], pattern).slice(0, most * lookedAtForEachTaken);
  const { sightings, settled } = lookAgain(files, (ctx.cursor ?? {}) as Sightings, ctx.now.getTime(), quietMs);
  if (writeJson(sightings) !== writeJson(ctx.cursor ?? {})) await ctx.saveCursor(sightings);
  return settled;
}

async function takeSettled(work: Work, entry: Entry): Promise<void> {
  const error = refusedName(entry.name);
  if (error) return await refuse(work, within(work.folders.inbox, entry.name), entry.name, error);
  const claimed = await claim(work.exchange, work.folders, entry);
  if (claimed) await take(work, claimed);
}

async function eachByItself(tasks: readonly (() => Promise<void>)[], ctx: PollContext<ExchangeConfig>): Promise<void> {
  const troubles: unknown[] = [];
  for (const task of tasks) {
    if (ctx.signal.aborted) return;
    await task().catch((error: unknown) => {
      if (error instanceof NotAccepted) throw error.cause;
      // Its writer is not done after all: nothing is wrong, and the next poll takes it.
      if (isTrouble(error, 'changed')) return ctx.log.warn('A file is left for later: it is still being written.');
      troubles.push(error);
    });
  }
  if (troubles.length > 0) throw troubles[0];
}
