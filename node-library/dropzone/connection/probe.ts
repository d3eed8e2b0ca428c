import { randomBytes } from 'node:crypto';
import { MillraceError, type ProbeResult } from '@millrace/contract';
import type { Dropzone } from '../exchange/dropzone.ts';
import { within } from '../exchange/names.ts';
import { outFolderOf, withDropzone } from '../exchange/open.ts';
import type { DropzoneConfig } from './config.ts';

/** Reaches the dropzone and writes and removes a hidden file where orders go. */
export async function probeDropzone(config: DropzoneConfig, signal: AbortSignal): Promise<ProbeResult> {
  try {
    return { ok: true, message: await withDropzone(config, signal, (dropzone) => tryOut(dropzone, config)) };
  } catch (error) {
    if (error instanceof MillraceError) return { ok: false, message: error.message };
    throw error;
  }
}

async function tryOut(dropzone: Dropzone, config: DropzoneConfig): Promise<string> {
  await dropzone.list('');
  const folder = await outFolderOf(dropzone, config);
  const trial = within(folder, `.millrace-probe-${randomBytes(4).toString('hex')}.tmp`);
  await dropzone.writeAtomically(trial, `${trial}.tmp`, Buffer.from('Millrace tests whether it may write here.\n'));
  await dropzone.remove(trial);
  return `Orders can be put into ${dropzone.pathOf(folder)}; acks are read from ${dropzone.pathOf('ack')} and ${dropzone.pathOf('')}.`;
}
