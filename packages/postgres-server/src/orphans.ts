import { readdir, readlink, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Ends what a killed server has left behind. Most of its processes notice and end by themselves; one that is busy goes on,
 * and for as long no other server starts over the folder. Nothing that was acknowledged is lost: to the data it is the
 * same as the crash before. Linux alone tells whose process is whose; elsewhere they are waited for.
 * @param data folder over which no server lives
 */
export async function endOrphans(data: string): Promise<void> {
  const folder = await realpath(data);
  for (let left = await serversIn(folder); left.length > 0; left = await serversIn(folder)) {
    for (const pid of left) kill(pid);
    await delay(20);
  }
}

/** All processes of a PostgreSQL work in its data folder; so may somebody's shell, which runs another program. */
async function serversIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const ours = await Promise.all(pids.map(async (pid) => (await isServerIn(folder, pid)) && pid));
  return ours.filter((pid) => pid !== false).map(Number);
}

async function isServerIn(folder: string, pid: string): Promise<boolean> {
  const [place, program] = await Promise.all(
    ['cwd', 'exe'].map((link) => readlink(`/proc/${pid}/${link}`).catch(() => '')),
  );
  return place === folder && /\/postgres( \(deleted\))?$/.test(program ?? '');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
