import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until it is so. @throws after `patienceMs`, saying what was awaited */
export async function until(
  what: string,
  patienceMs: number,
  isSo: () => boolean | Promise<boolean>,
  pauseMs = 50,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`In ${patienceMs / 1000} s it did not come about that ${what}.`);
    await sleep(pauseMs);
  }
}
