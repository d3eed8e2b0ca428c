import { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/**
 * What is written in one go is sent in one go: each sending is a call of the operating system and wakes the server, which
 * was measured to be half of the processor time of a flow with many small statements.
 */
export class GatheringSocket extends Socket {
  #isGathering = false;

  override cork(): void {
    this.#gather();
    super.cork();
  }

  override write(chunk: Uint8Array | string, done?: Done): boolean;
  override write(chunk: Uint8Array | string, encoding?: BufferEncoding, done?: Done): boolean;
  override write(...written: [never]): boolean {
    this.#gather();
    return super.write(...written);
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    super.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      super.uncork();
    });
  }
}
