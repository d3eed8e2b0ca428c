import { randomBytes } from 'node:crypto';
import { brokenOff, type ProbeResult } from '@millrace/contract';
import { contentOf } from '../content.ts';
import type { FileExchange } from '../file-exchange.ts';
import { within } from '../names.ts';
import { temporaryNameOf } from '../temporary.ts';

/** Turns what a test of a connection finds into its result: a sentence, or the sentence of what went wrong. */
export async function probeResult(test: () => Promise<string>): Promise<ProbeResult> {
  try {
    return { ok: true, message: await test() };
  } catch (thrown) {
    return brokenOff(thrown);
  }
}

/** Writes and removes a hidden file in a folder, and so proves that files can be put there. */
export async function tryWriting(exchange: FileExchange, folder: string): Promise<void> {
  const name = `millrace-probe-${randomBytes(4).toString('hex')}`;
  const trial = within(folder, temporaryNameOf(name, name));
  const words = contentOf(Buffer.from('Millrace tests whether it may write here.\n'));
  await exchange.write(trial, within(folder, temporaryNameOf(name, name)), words, 'replace');
  await exchange.remove(trial);
}
