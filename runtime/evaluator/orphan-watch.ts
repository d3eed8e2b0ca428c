import { workerData } from 'node:worker_threads';

/**
 * Ends the evaluating process when its parent, whose process id is the worker's data, is gone. A busy evaluation would
 * never notice the end of its input, so this looks from a thread of its own.
 */
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, 1000);
