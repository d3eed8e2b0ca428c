import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connections over which a request trickles that never ends. */
export interface SlowSender {
  /** How many the other side has left open; answers as soon as there are none. */
  leftAfter(milliseconds: number): Promise<number>;
  close(): void;
}

const beginning = 'POST /hooks/attacked/signed HTTP/1.1\r\nHost: x\r\n';

/** Each sends a byte of a header every second. */
export function sendSlowly(open: () => Socket, count: number): SlowSender {
  return trickle(open, count, `${beginning}X-Slow: `);
}

/** Each sends a body but for its end, and of that a byte every second. @param bytes of the body that are sent at once */
export function sendLargeSlowly(open: () => Socket, count: number, bytes: number): SlowSender {
  const head = `${beginning}Content-Type: application/json\r\nContent-Length: ${bytes + 1000}\r\n\r\n`;
  return trickle(open, count, head + 'a'.repeat(bytes));
}

function trickle(open: () => Socket, count: number, beginning: string): SlowSender {
  const sockets = Array.from({ length: count }, open);
  for (const socket of sockets) {
    socket.on('error', () => undefined).resume();
    socket.write(beginning);
  }
  const left = () => sockets.filter(({ closed }) => !closed);
  const trickling = setInterval(() => {
    for (const socket of left()) socket.write('a');
  }, 1000);
  return {
    async leftAfter(milliseconds) {
      const deadline = performance.now() + milliseconds;
      while (left().length > 0 && performance.now() < deadline) await sleep(100);
      return left().length;
    },
    close() {
      clearInterval(trickling);
      for (const socket of sockets) socket.destroy();
    },
  };
}
