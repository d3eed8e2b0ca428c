import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contract';

/** Checks the key that a server shows; ssh2 would accept any. */
export interface PinnedHostKey {
  verify(key: Buffer): boolean;
  /** @throws {MillraceError} `HOST_KEY_CHANGED` where a key was refused: the error of the connection does not say so */
  throwIfChanged(): void;
}

/** @param fingerprint `SHA256:…`, with or without the padding */
export function pinnedHostKey(fingerprint: string): PinnedHostKey {
  const pinned = fingerprint.replace(/=$/, '');
  let offered: string | undefined;
  return {
    verify(key) {
      offered = fingerprintOf(key);
      return offered === pinned;
    },
    throwIfChanged() {
      if (offered !== undefined && offered !== pinned) throw hostKeyChanged(pinned, offered);
    },
  };
}

/** `SHA256:…` of a host's public key, as OpenSSH prints it. */
function fingerprintOf(hostKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

function hostKeyChanged(pinned: string, offered: string): MillraceError {
  const message =
    `The server's host key is ${offered}, but the connection pins ${pinned}; ` +
    'nothing was sent. Ask the server’s operator whether its key was changed, and only then pin the new one.';
  return new MillraceError('HOST_KEY_CHANGED', message, { category: 'auth', pointer: '/hostKey' });
}
