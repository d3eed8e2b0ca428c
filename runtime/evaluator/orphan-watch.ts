/**
 * Ends the evaluating process when its parent is gone. A busy evaluation would never notice the end of its input, so
 * this looks from a thread of its own: an orphan has another parent process than at the start.
 */
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 1000);
