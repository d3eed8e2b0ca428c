import { Secret } from '@millrace/contract';
import Type, { type Static } from 'typebox';

/** Fields of a folder of the machine that Millrace runs on, or one mounted there. */
export const folderFields = {
  kind: Type.Literal('folder'),
  path: Type.String({ title: 'Folder', minLength: 1, examples: ['/srv/erp/dropzone'] }),
};

/** Fields of a folder on an SFTP server. */
export const sftpFields = {
  kind: Type.Literal('sftp'),
  host: Type.String({ title: 'Host', minLength: 1, examples: ['sftp.example.com'] }),
  port: Type.Optional(Type.Integer({ title: 'Port', minimum: 1, maximum: 65535, default: 22 })),
  username: Type.String({ title: 'User name', minLength: 1 }),
  password: Type.Optional(Secret(Type.String({ title: 'Password' }))),
  privateKey: Type.Optional(
    Secret(Type.String({ title: 'Private key', description: 'In OpenSSH or PEM form, with its first and last line.' })),
  ),
  passphrase: Type.Optional(Secret(Type.String({ title: 'Passphrase of the private key' }))),
  hostKey: Type.String({
    title: "Fingerprint of the server's host key",
    description: 'What `ssh-keygen -lf` prints for it. A server with another key is refused.',
    pattern: '^SHA256:[A-Za-z0-9+/]{43}=?$',
    examples: ['SHA256:uNiVztksCsDhcc0u9e8BrJwmXWFlfzQLlmbxGjXkiyk'],
  }),
  path: Type.String({ title: 'Folder on the server', minLength: 1, examples: ['/outgoing/orders'] }),
};

const FolderConfig = Type.Object(folderFields, { title: 'Folder', additionalProperties: false });
const SftpConfig = Type.Object(sftpFields, { title: 'SFTP', additionalProperties: false });

/** How a shared folder is reached. */
export const ExchangeConfig = Type.Union([FolderConfig, SftpConfig], { title: 'Folder or SFTP' });

export type SftpConfig = Static<typeof SftpConfig>;
export type ExchangeConfig = Static<typeof ExchangeConfig>;
