import { MillraceError } from '@millrace/contract';

/** What one request holds. */
export interface Held {
  /** @throws {MillraceError} `TOO_BUSY`, where so much more cannot be held now */
  take(bytes: number): void;
  giveBack(bytes: number): void;
  /** Gives back all that is left. */
  release(): void;
}

export interface HeldBodies {
  /** A share that begins with nothing. */
  open(): Held;
}

const megabyte = 1024 * 1024;
/** Read, a body takes several times its size. */
const usualBytes = 128 * megabyte;
/** A request that holds no more is small. */
const smallBytes = megabyte / 4;

/**
 * Bounds what bodies hold of the memory, however many come at once and however slowly. A quarter is left to small bodies:
 * whoever sends large ones, and never ends, cannot keep the small ones out.
 */
export function holdBodies(totalBytes = usualBytes): HeldBodies {
  const forLarge = (totalBytes * 3) / 4;
  let all = 0;
  return {
    open() {
      let own = 0;
      const change = (bytes: number) => {
        own += bytes;
        all += bytes;
      };
      return {
        take(bytes) {
          if (all + bytes > (own + bytes > smallBytes ? forLarge : totalBytes)) throw tooBusy();
          change(bytes);
        },
        giveBack: (bytes) => change(-bytes),
        release: () => change(-own),
      };
    },
  };
}

const retrySeconds = 2;

function tooBusy(): MillraceError {
  const message = 'More is being received than can be held at once; nothing was stored, send it again in a moment.';
  return new MillraceError('TOO_BUSY', message, { category: 'transient', retryAfter: retrySeconds });
}
