import { createHash } from 'node:crypto';
import type { Connection, FoundSignal, Watch } from '@millrace/contract';
import {
  type Entry,
  type FileExchange,
  isTrouble,
  numberedNames,
  orNothing,
  readStart,
  within,
} from '@millrace/file-exchange';
import type { DropzoneConfig } from '../connection/config.ts';
import { withDropzone } from '../exchange/open.ts';
import { ackFolders, isAckFile } from './file-names.ts';
import { type AckReading, largestAck, readAck } from './read-ack.ts';
import { Resting } from './resting.ts';
import { Sweep } from './sweep.ts';
import { Unmoved } from './unmoved.ts';

type Found = (signal: FoundSignal) => Promise<void>;

/** What is known of a watched connection from poll to poll; lost with the process, which only delays a file by one poll. */
interface Memory {
  readonly rest: Resting;
  readonly unmoved: Unmoved;
  readonly sweep: Sweep;
}

const memories = new Map<string, Memory>();

/**
 * Looks for ack files in `ack/` and in the dropzone itself. What was found is stored first and moved to `archive/` (or
 * `error/`, when malformed) afterwards; after a crash in between it is found again, with the same fingerprint.
 */
export const ackWatch: Watch<DropzoneConfig> = {
  intervalMs: 1000,
  poll: (connection, found, signal) =>
    withDropzone(connection.config, { signal, guard: connection.network.allow }, async (dropzone) => {
      const memory = memoryOf(connection);
      const troubles = await pollAcks(dropzone, memory, found, signal);
      await memory.sweep.sweepWhenDue(dropzone, connection.config).catch((error) => void troubles.push(error));
      if (troubles.length > 0) throw troubles[0];
    }),
};

function memoryOf(connection: Connection<DropzoneConfig>): Memory {
  const known = memories.get(connection.id);
  if (known) return known;
  const memory = { rest: new Resting(), unmoved: new Unmoved(), sweep: new Sweep() };
  memories.set(connection.id, memory);
  return memory;
}

/** A file that cannot be read or moved does not hold up the others; what was wrong is told at the end. */
async function pollAcks(dropzone: FileExchange, memory: Memory, found: Found, signal: AbortSignal): Promise<unknown[]> {
  const files = await ackFiles(dropzone);
  memory.rest.note(dropzone, files);
  memory.unmoved.note(files);
  const troubles: unknown[] = [];
  for (const [path, entry] of oldestFirst(files)) {
    if (signal.aborted) break;
    // Reported and complained about before; it stays where it is until somebody changes or takes it.
    if (memory.unmoved.has(path, entry)) continue;
    const ack = await take(dropzone, memory.rest, path, entry).catch((error) => void troubles.push(error));
    if (!ack) continue;
    await found(ack.signal);
    await setAside(dropzone, path, entry.name, ack.folder).catch((error) => {
      memory.unmoved.add(path, entry);
      troubles.push(error);
    });
  }
  return troubles;
}

async function ackFiles(dropzone: FileExchange): Promise<Map<string, Entry>> {
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
async function take(dropzone: FileExchange, rest: Resting, path: string, entry: Entry): Promise<Taken | undefined> {
  if (!rest.isStable(path)) return undefined;
  const contents = await orLater(readStart(dropzone, path, largestAck));
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
async function setAside(dropzone: FileExchange, path: string, name: string, folder: string): Promise<void> {
  await dropzone.ensureFolder(folder);
  for (const candidate of numberedNames(name)) {
    if (await moved(dropzone, path, within(folder, candidate))) return;
  }
}

/** False where the name is taken. The other side may take its file back at any time, and then there is nothing to move. */
async function moved(dropzone: FileExchange, from: string, to: string): Promise<boolean> {
  try {
    await orNothing(dropzone.move(from, to));
    return true;
  } catch (error) {
    if (isTrouble(error, 'exists')) return false;
    throw error;
  }
}

/** The other side may still be writing, or take its file back at any time. */
async function orLater<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await orNothing(operation);
  } catch (error) {
    if (isTrouble(error, 'changed')) return undefined;
    throw error;
  }
}
