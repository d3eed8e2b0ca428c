import { createHash } from 'node:crypto';
import type { Connection, FoundSignal, Watch } from '@millrace/contract';
import type { DropzoneConfig } from '../connection/config.ts';
import type { Dropzone, Entry } from '../exchange/dropzone.ts';
import { numberedNames, within } from '../exchange/names.ts';
import { withDropzone } from '../exchange/open.ts';
import { isMissing } from '../exchange/trouble.ts';
import { ackFolders, isAckFile } from './file-names.ts';
import { type AckReading, largestAck, readAck } from './read-ack.ts';
import { Resting } from './resting.ts';

type Found = (signal: FoundSignal) => Promise<void>;

/** Files of each watched connection from poll to poll; lost with the process, which only delays a file by one poll. */
const resting = new Map<string, Resting>();

/**
 * Looks for ack files in `ack/` and in the dropzone itself. What was found is stored first and moved to `archive/` (or
 * `error/`, when malformed) afterwards; after a crash in between it is found again, with the same fingerprint.
 */
export const ackWatch: Watch<DropzoneConfig> = {
  intervalMs: 1000,
  poll: (connection, found, signal) =>
    withDropzone(connection.config, signal, (dropzone) => pollAcks(dropzone, restingOf(connection), found, signal)),
};

function restingOf(connection: Connection<DropzoneConfig>): Resting {
  const known = resting.get(connection.id) ?? new Resting();
  resting.set(connection.id, known);
  return known;
}

/** A file that cannot be read or moved does not hold up the others; the first such error is thrown at the end. */
async function pollAcks(dropzone: Dropzone, rest: Resting, found: Found, signal: AbortSignal): Promise<void> {
  const files = await ackFiles(dropzone);
  rest.note(dropzone, files);
  const troubles: unknown[] = [];
  for (const [path, entry] of oldestFirst(files)) {
    if (signal.aborted) return;
    const ack = await take(dropzone, rest, path, entry).catch((error) => void troubles.push(error));
    if (!ack) continue;
    await found(ack.signal);
    await setAside(dropzone, path, entry.name, ack.folder).catch((error) => void troubles.push(error));
  }
  if (troubles.length > 0) throw troubles[0];
}

async function ackFiles(dropzone: Dropzone): Promise<Map<string, Entry>> {
  const files = new Map<string, Entry>();
  for (const folder of ackFolders) {
    for (const entry of (await dropzone.list(folder)) ?? []) {
      if (entry.kind === 'file' && isAckFile(folder, entry.name)) files.set(within(folder, entry.name), entry);
    }
  }
  return files;
}

function oldestFirst(files: ReadonlyMap<string, Entry>): [string, Entry][] {
  return [...files].sort(([pathA, a], [pathB, b]) => a.modifiedMs - b.modifiedMs || (pathA < pathB ? -1 : 1));
}

interface Taken {
  readonly signal: FoundSignal;
  readonly folder: 'archive' | 'error';
}

/** Reads and classifies a file that lies still; nothing where it should be left for a later poll. */
async function take(dropzone: Dropzone, rest: Resting, path: string, entry: Entry): Promise<Taken | undefined> {
  if (!rest.isStable(path)) return undefined;
  const contents = await orGone(dropzone.read(path, largestAck));
  if (!contents || contents.bytes.length !== Math.min(entry.size, largestAck)) return undefined;
  const reading = readAck(entry.name, contents.bytes, contents.truncated);
  if (reading.unfinished && !rest.isAbandoned(path)) return undefined;
  const folder = reading.malformed === undefined ? 'archive' : 'error';
  return { signal: signalOf(entry.name, contents.bytes, reading), folder };
}

function signalOf(source: string, bytes: Buffer, { key, payload, malformed }: AckReading): FoundSignal {
  const fingerprint = createHash('sha256').update(source).update('\0').update(bytes).digest('hex');
  return {
    source: source.toWellFormed(),
    fingerprint,
    payload,
    ...(key !== undefined && { key }),
    ...(malformed !== undefined && { malformed }),
  };
}

/** Never replaces a file that was set aside before. */
async function setAside(dropzone: Dropzone, path: string, name: string, folder: string): Promise<void> {
  await dropzone.ensureFolder(folder);
  for (const candidate of numberedNames(name)) {
    const target = within(folder, candidate);
    if ((await dropzone.look(target)) !== undefined) continue;
    await orGone(dropzone.move(path, target));
    return;
  }
}

/** The other side may take its file back at any time. */
async function orGone<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
