import { exchangeFromText } from '@millrace/file-exchange';
import { DropzoneConfig } from './config.ts';

/**
 * A dropzone from one line: a folder's path, or
 * `sftp://user[:password]@host[:port]/path?hostKey=SHA256:…[&privateKeyFile=…][&passphrase=…][&outFolder=…]`.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT`
 */
export function dropzoneFromText(text: string): DropzoneConfig {
  return exchangeFromText(text, {
    config: DropzoneConfig,
    options: { outFolder: 'outFolder is the plain name of one folder, or “.”.' },
  });
}
