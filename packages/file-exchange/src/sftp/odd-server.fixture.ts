import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Attributes, Server, type SFTPWrapper, utils } from 'ssh2';
import type { SftpConfig } from '../connection/config.ts';

const { STATUS_CODE, OPEN_MODE } = utils.sftp;

/** How the server errs; where nothing is said it does what is right, without any extension of OpenSSH. */
export interface Oddity {
  /** Requests that are never answered. */
  readonly silent?: readonly ('OPEN' | 'READ' | 'WRITE' | 'LSTAT' | 'OPENDIR' | 'RENAME' | 'SFTP')[];
  /** Bytes that one read gives at most. */
  readonly shortRead?: number;
  /** Byte at which reading ends, whatever the file's size. */
  readonly endsAt?: number;
  /** Byte from which writing fails, `loud`, or is dropped while the server says yes, `mute`. */
  readonly fullAt?: { readonly byte: number; readonly way: 'loud' | 'mute' };
  /** Content of whatever is opened, though another file was looked at: a link was put in its place. */
  readonly swapped?: Buffer;
  /** Names that a listing tells besides the true ones. */
  readonly listed?: readonly string[];
}

/** An SFTP server in this process, with its files in memory. */
export interface OddServer {
  readonly config: SftpConfig;
  /** Content by absolute path. */
  readonly files: Map<string, Buffer>;
  /** Requests that were left without an answer, in the order of their arrival. */
  readonly unanswered: readonly string[];
  stop(): Promise<void>;
}

const root = '/files';

export async function startOddServer(oddity: Oddity): Promise<OddServer> {
  const hostKey = newHostKey();
  const files = new Map<string, Buffer>();
  const unanswered: string[] = [];
  const clients = new Set<{ end(): unknown }>();
  /** Notes a request that is not to be answered. */
  function isSilent(request: string): boolean {
    const silent = (oddity.silent as readonly string[] | undefined)?.includes(request) ?? false;
    if (silent) unanswered.push(request);
    return silent;
  }
  const server = new Server({ hostKeys: [hostKey] }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (request) => request.accept());
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => isSilent('SFTP') || serve(acceptSftp(), files, oddity, isSilent));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    files,
    unanswered,
    config: {
      kind: 'sftp',
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      username: 'anybody',
      password: 'anything',
      hostKey: fingerprintOf(hostKey),
      path: root,
    },
    async stop() {
      for (const client of clients) client.end();
      server.close();
    },
  };
}

/** By Node: of the ed25519 keys that ssh2 generates, it cannot read one in two hundred itself (16 of 3,000). */
function newHostKey(): string {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}

function fingerprintOf(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
}

function attributesOf(content: Buffer | undefined): Attributes {
  return { mode: content ? 0o100644 : 0o040755, uid: 0, gid: 0, size: content?.length ?? 0, atime: 0, mtime: 1 };
}

/** Each open file or folder has a number for a handle. */
function serve(
  sftp: SFTPWrapper,
  files: Map<string, Buffer>,
  oddity: Oddity,
  isSilent: (request: string) => boolean,
): void {
  const opened = new Map<number, { path: string; listed: boolean }>();
  let next = 0;
  const handleOf = (path: string) => {
    opened.set(next, { path, listed: false });
    return Buffer.from([next++]);
  };
  const openedBy = (handle: Buffer) => opened.get(handle[0] ?? -1) ?? { path: '', listed: true };
  const contentAt = (path: string) => (files.has(path) ? (oddity.swapped ?? files.get(path)) : undefined);
  const status = (id: number, ok: boolean) => sftp.status(id, ok ? STATUS_CODE.OK : STATUS_CODE.FAILURE);

  sftp.on('OPEN', (id, path, flags) => {
    if (isSilent('OPEN')) return;
    if (flags & OPEN_MODE.WRITE) files.set(path, Buffer.alloc(0));
    if (!files.has(path)) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    sftp.handle(id, handleOf(path));
  });
  sftp.on('READ', (id, handle, offset, length) => {
    if (isSilent('READ')) return;
    const content = contentAt(openedBy(handle).path)?.subarray(0, oddity.endsAt);
    const piece = content?.subarray(offset, offset + Math.min(length, oddity.shortRead ?? length));
    if (!piece || piece.length === 0) return sftp.status(id, STATUS_CODE.EOF);
    sftp.data(id, piece);
  });
  sftp.on('WRITE', (id, handle, offset, data) => {
    if (isSilent('WRITE')) return;
    const { path } = openedBy(handle);
    const full = oddity.fullAt !== undefined && offset + data.length > oddity.fullAt.byte;
    if (full) return status(id, oddity.fullAt?.way === 'mute');
    const before = files.get(path) ?? Buffer.alloc(0);
    const after = Buffer.alloc(Math.max(before.length, offset + data.length));
    before.copy(after);
    data.copy(after, offset);
    files.set(path, after);
    status(id, true);
  });
  sftp.on('FSTAT', (id, handle) => sftp.attrs(id, attributesOf(contentAt(openedBy(handle).path))));
  const stat = (id: number, path: string) => {
    if (isSilent('LSTAT')) return;
    if (path !== root && !files.has(path)) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    sftp.attrs(id, attributesOf(files.get(path)));
  };
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('CLOSE', (id, handle) => status(id, opened.delete(handle[0] ?? -1)));
  sftp.on('REMOVE', (id, path) => status(id, files.delete(path)));
  sftp.on('RENAME', (id, from, to) => {
    if (isSilent('RENAME')) return;
    const content = files.get(from);
    if (!content || files.has(to)) return status(id, false);
    files.delete(from);
    files.set(to, content);
    status(id, true);
  });
  sftp.on('OPENDIR', (id, path) => (isSilent('OPENDIR') ? undefined : sftp.handle(id, handleOf(path))));
  sftp.on('READDIR', (id, handle) => {
    const folder = openedBy(handle);
    if (folder.listed) return sftp.status(id, STATUS_CODE.EOF);
    folder.listed = true;
    const names = [...files.keys()].map((path) => path.slice(root.length + 1)).concat(oddity.listed ?? []);
    sftp.name(
      id,
      names.map((filename) => ({ filename, longname: filename, attrs: attributesOf(Buffer.from('x')) })),
    );
  });
}
