import { setTimeout as sleep } from 'node:timers/promises';

const [pauseMs, patienceMs] = [150, 180_000];

/** Tries again and again until there is an answer. @throws after three minutes, with what was wrong last */
export async function insist<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  let last: unknown = 'no answer';
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await sleep(pauseMs)) {
    try {
      const answer = await attempt();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`In ${patienceMs / 1000} s it did not come about that ${what}: ${String(last)}`);
}
