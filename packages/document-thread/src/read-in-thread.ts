import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ErrorData, type Json, MillraceError } from '@millrace/contract';
import { type Message, unpacked } from './message.ts';
import { Places } from './places.ts';

/** A function that reads a document: the module that exports it, and its name. It needs nothing but what it is given. */
export interface DocumentReader {
  /** As `import.meta.url` gives it. */
  readonly module: string;
  readonly name: string;
}

export interface Task extends DocumentReader {
  readonly given: readonly (string | number)[];
}

export type Answer = { readonly read: Message } | { readonly refused: ErrorData };

/** Far beyond what a document takes that is within its bounds. */
const patienceMs = 60_000;
const heapMb = 1024;

/**
 * Reads a large document aside: leases, requests and other runs of the process go on meanwhile. Each has a thread of its
 * own, which costs about a tenth of a second, and shares nothing with the next one; as many read at once as there are
 * processors, the others wait, tenant by tenant in turn.
 * @param tenant slug of whose document it is
 * @throws what the reader throws, `DOCUMENT_TIMEOUT`, `DOCUMENT_TOO_LARGE`
 */
export async function readInThread(
  reader: DocumentReader,
  tenant: string,
  ...given: readonly (string | number)[]
): Promise<Json> {
  await places.take(tenant);
  try {
    return await readBy({ ...reader, given });
  } finally {
    places.leave();
  }
}

const places = new Places(availableParallelism());

/** Where Node keeps what it has made of the sources, so that a thread starts sooner; nothing else is passed on. */
const onlyCache = Object.fromEntries(Object.entries(process.env).filter(([name]) => name === 'NODE_COMPILE_CACHE'));

async function readBy(task: Task): Promise<Json> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: task,
    env: onlyCache,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  try {
    const [answer] = (await once(worker, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [Answer];
    if ('read' in answer) return unpacked(answer.read);
    const { code, message, ...options } = answer.refused;
    throw new MillraceError(code, message, options);
  } catch (thrown) {
    throw overLimit(thrown) ?? thrown;
  } finally {
    await worker.terminate();
  }
}

function overLimit(thrown: unknown): MillraceError | undefined {
  const { name, code } = thrown as { name?: string; code?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new MillraceError('DOCUMENT_TOO_LARGE', `Reading the document takes more than ${heapMb} MB of memory.`);
  if (name !== 'AbortError') return undefined;
  const message = `The document could not be read within ${patienceMs / 1000} seconds.`;
  return new MillraceError('DOCUMENT_TIMEOUT', message, { category: 'transient' });
}
