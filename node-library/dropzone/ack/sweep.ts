import { type FileExchange, sweepTemporaries } from '@millrace/file-exchange';
import type { DropzoneConfig } from '../connection/config.ts';
import { outFolderOf } from '../exchange/open.ts';

const pauseMs = 3_600_000;

/** Removes, now and then, the temporary files of deliveries that were never ended. */
export class Sweep {
  #sweptMs = Number.NEGATIVE_INFINITY;

  async sweepWhenDue(dropzone: FileExchange, config: DropzoneConfig): Promise<void> {
    const now = Date.now();
    if (now - this.#sweptMs < pauseMs) return;
    // Counted as done beforehand, so that a folder which may not be swept is complained about once an hour.
    this.#sweptMs = now;
    for (const folder of new Set(['', await outFolderOf(dropzone, config)])) {
      await sweepTemporaries(dropzone, folder, now);
    }
  }
}
