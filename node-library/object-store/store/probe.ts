import { brokenOff, type Network, type ProbeResult } from '@millrace/contract';
import type { ObjectStorage } from '@millrace/object-storage';
import type { StoreConfig } from './config.ts';
import { openStore } from './open.ts';

const key = 'millrace-probe.txt';

/**
 * Puts, reads and removes a small object.
 */
export async function probeStore(
  config: StoreConfig,
  signal: AbortSignal,
  { fetch }: Pick<Network, 'fetch'>,
): Promise<ProbeResult> {
  try {
    await tryOut(openStore(config, { fetch, signal }));
    return { ok: true, message: 'An object was written, read and removed.' };
  } catch (thrown) {
    return brokenOff(thrown);
  }
}

async function tryOut(store: ObjectStorage): Promise<void> {
  await store.put(key, Buffer.from('probe'));
  const { content } = await store.get(key);
  content.destroy();
  await store.delete(key);
}
