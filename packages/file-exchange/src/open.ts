import type { NodeContext } from '@millrace/contract';
import type { ExchangeConfig } from './connection/config.ts';
import type { FileExchange } from './file-exchange.ts';
import { folderExchange } from './folder/folder.ts';
import { type Access, withSession } from './sftp/session.ts';
import { sftpExchange } from './sftp/sftp.ts';

/** Access as a step or a trigger has it: what it calls is guarded by the instance. */
export function accessOf({ connection, signal }: Pick<NodeContext, 'connection' | 'signal'>): Access {
  return { signal, guard: connection.network.allow };
}

/** Runs `work` on the shared folder of a connection; an SFTP connection is shared and kept open for the next user. */
export function withFileExchange<T>(
  config: ExchangeConfig,
  access: Access,
  work: (exchange: FileExchange) => Promise<T>,
): Promise<T> {
  if (config.kind === 'folder') return work(folderExchange(config.path, access.signal));
  return withSession(config, access, (session) => work(sftpExchange(config, session, access.signal)));
}
