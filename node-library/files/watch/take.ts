import { createHash } from 'node:crypto';
import { MillraceError, type PollContext } from '@millrace/contract';
import { type ExchangeConfig, exchangeError, type FileExchange, isMissing, isTrouble } from '@millrace/file-exchange';
import type { Intake } from '../file/fields.ts';
import { type TakenIn, takeIn } from '../file/take-in.ts';
import type { Claimed } from './claim.ts';
import type { Folders } from './folders.ts';
import { setAside, setAsideWithReason } from './set-aside.ts';

/** What a poll works with. */
export interface Work {
  readonly exchange: FileExchange;
  readonly folders: Folders;
  readonly intake: Intake;
  readonly afterwards: 'archive' | 'delete';
  readonly ctx: PollContext<ExchangeConfig>;
}

/** The engine did not take a run: no fault of the file, and the next file would fare no better. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted';
}

/**
 * Turns a claimed file into a run, and settles the file once the run is durable. Whoever dies on the way leaves the file
 * claimed: it is taken again, and is the same event.
 * @throws what keeps this one file from being taken now; {@link NotAccepted} with the cause, what keeps all of them
 */
export async function take(work: Work, file: Claimed): Promise<void> {
  try {
    const found = { ...file, name: file.name.normalize('NFC') };
    const taken = await takeIn(work.exchange, found, work.intake, work.ctx);
    if (taken.size !== file.size) throw exchangeError('changed', work.exchange.pathOf(file.path));
    await accept(work, file, taken);
  } catch (error) {
    // Another process took it over and was quicker.
    if (isMissing(error)) return;
    if (!isRefusal(error)) throw error;
    return await refuse(work, file.path, file.name, error);
  }
  await settle(work, file);
}

/** What no patience can mend lies in the file itself, or in the flow's refusal of it. */
function isRefusal(error: unknown): error is MillraceError {
  return error instanceof MillraceError && (error.category === 'validation' || isTrouble(error, 'denied'));
}

async function accept({ exchange, folders, ctx }: Work, file: Claimed, taken: TakenIn): Promise<void> {
  const name = file.name.normalize('NFC');
  const { size, sha256, content } = taken;
  const arrival = {
    payload: { name, folder: exchange.pathOf(folders.inbox), size, sha256, modifiedAt: modifiedAt(file), ...content },
    meta: { file: name },
    eventId: eventIdOf(name, sha256, file),
    source: name,
  };
  try {
    await ctx.accept(arrival);
  } catch (error) {
    throw isRefusal(error) ? error : new NotAccepted('The run was not accepted.', { cause: error });
  }
}

function modifiedAt({ modifiedMs }: Claimed): string {
  return new Date(modifiedMs).toISOString();
}

/** Seconds, because that is what SFTP tells of a file's time. */
function eventIdOf(name: string, sha256: string, { modifiedMs }: Claimed): string {
  const text = [sha256, name, String(Math.floor(modifiedMs / 1000))].join('\0');
  return createHash('sha256').update(text).digest('hex');
}

async function settle({ exchange, folders, afterwards }: Work, { path, name }: Claimed): Promise<void> {
  await (afterwards === 'delete' ? exchange.remove(path) : setAside(exchange, path, folders.archive, name));
}

/** A file that starts no run goes to the folder of errors, with the reason beside it. */
export async function refuse(
  { exchange, folders, ctx }: Work,
  path: string,
  name: string,
  error: MillraceError,
): Promise<void> {
  ctx.log.warn(`A file was refused: ${error.message}`, { file: name.toWellFormed(), code: error.code });
  await setAsideWithReason(exchange, path, folders.error, name, { error, at: ctx.now });
}
