import { defineConnection } from '@millrace/contract';
import { ExchangeConfig, exchangeFromText, probeResult, tryWriting, withFileExchange } from '@millrace/file-exchange';
import { filesSandbox } from './sandbox.ts';

/** A folder, local or by SFTP, that files are exchanged through. */
export const folderOrSftp = defineConnection({
  id: 'files/folder-or-sftp',
  title: 'Folder or SFTP',
  summary: 'A folder of this machine or of an SFTP server, in which files are read, written, listed and watched.',
  config: ExchangeConfig,
  fromText: (text) => exchangeFromText(text, { config: ExchangeConfig, options: {} }),
  probe: (config, signal, { allow }) =>
    probeResult(() =>
      withFileExchange(config, { signal, guard: allow }, async (exchange) => {
        await exchange.list('');
        await tryWriting(exchange, '');
        return `Files can be read from and written to ${exchange.pathOf('')}.`;
      }),
    ),
  sandbox: filesSandbox,
});
