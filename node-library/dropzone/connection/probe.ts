import type { Network, ProbeResult } from '@millrace/contract';
import { type FileExchange, probeResult, tryWriting } from '@millrace/file-exchange';
import { outFolderOf, withDropzone } from '../exchange/open.ts';
import type { DropzoneConfig } from './config.ts';

/** Reaches the dropzone and writes and removes a hidden file where orders go. */
export function probeDropzone(
  config: DropzoneConfig,
  signal: AbortSignal,
  { allow }: Pick<Network, 'allow'>,
): Promise<ProbeResult> {
  return probeResult(() => withDropzone(config, { signal, guard: allow }, (dropzone) => tryOut(dropzone, config)));
}

async function tryOut(dropzone: FileExchange, config: DropzoneConfig): Promise<string> {
  await dropzone.list('');
  const folder = await outFolderOf(dropzone, config);
  await tryWriting(dropzone, folder);
  return `Orders can be put into ${dropzone.pathOf(folder)}; acks are read from ${dropzone.pathOf('ack')} and ${dropzone.pathOf('')}.`;
}
