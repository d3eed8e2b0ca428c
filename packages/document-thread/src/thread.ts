/** The thread: reads the one document that it was started with. Started by `read-in-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { MillraceError } from '@millrace/contract';
import { packed } from './message.ts';
import type { Answer, Task } from './read-in-thread.ts';

const { module, name, given } = workerData as Task;

async function answer(): Promise<Answer> {
  const { [name]: read } = await import(module);
  try {
    return { read: packed(await read(...given)) };
  } catch (thrown) {
    // What is not ours ends the thread, and arrives as it is.
    if (!(thrown instanceof MillraceError)) throw thrown;
    return { refused: thrown.toData() };
  }
}

parentPort?.postMessage(await answer(), []);
