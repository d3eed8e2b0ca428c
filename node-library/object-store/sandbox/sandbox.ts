import type { Sandbox, SandboxOptions } from '@millrace/contract';
import { folderSandbox } from './folder.ts';
import { s3Sandbox } from './s3.ts';

export const sandboxKinds = ['folder', 's3'] as const;

/** A store to play with: a folder, or a server that speaks S3 where that kind is asked for. */
export function storeSandbox(options: Pick<SandboxOptions, 'folder' | 'kind'>): Promise<Sandbox> {
  return options.kind === 's3' ? s3Sandbox() : folderSandbox(options);
}
