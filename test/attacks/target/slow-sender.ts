import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connections over which a request trickles that never ends. */
export interface SlowSender {
  /** How many the other side has left open; answers as soon as there are none. */
  leftAfter(milliseconds: number): Promise<number>;
  close(): void;
}

/** @param count of connections; each sends a byte of a header every second */
export function sendSlowly(open: () => Socket, count: number): SlowSender {
  const sockets = Array.from({ length: count }, open);
  for (const socket of sockets) {
    socket.on('error', () => undefined).resume();
    socket.write('POST /hooks/attacked/signed HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  }
  const left = () => sockets.filter(({ closed }) => !closed);
  const trickle = setInterval(() => {
    for (const socket of left()) socket.write('a');
  }, 1000);
  return {
    async leftAfter(milliseconds) {
      const deadline = performance.now() + milliseconds;
      while (left().length > 0 && performance.now() < deadline) await sleep(100);
      return left().length;
    },
    close() {
      clearInterval(trickle);
      for (const socket of sockets) socket.destroy();
    },
  };
}
