import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere): while the server
 * is away, one of those, our own attempts to reach it among them, could take its port.
 */
const [lowest, highest] = [20_000, 32_000];
const mostTries = 100;
const pauseMs = 200;

/** Whether nobody listens on the port of 127.0.0.1, and no connection uses it. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The port as soon as it is free; nothing where it is not in so many milliseconds. */
export async function whenFree(port: number, patienceMs: number): Promise<number | undefined> {
  for (const deadline = performance.now() + patienceMs; ; await delay(pauseMs)) {
    if (await isFree(port)) return port;
    if (performance.now() > deadline) return undefined;
  }
}

/** A free port that no outgoing connection is given. */
export async function ownPort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${lowest} and ${highest} is free.`);
}
