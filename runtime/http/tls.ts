import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { MillraceError } from '@millrace/contract';
import type { TlsFiles } from '../config/settings.ts';
import type { Log } from '../log.ts';

export type { TlsFiles } from '../config/settings.ts';

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface KeptCertificate {
  readonly current: Certificate;
  /** Called with what the files hold when they have changed and can be used. */
  onChange(listener: (next: Certificate) => void): void;
  stop(): void;
}

/** Looked at rather than listened to: certificates are often renewed by turning a link, which tells no listener. */
const lookMs = 2_000;

/**
 * The certificate to serve, and every later one. While the files do not fit together (one of them is written first) the
 * certificate that is served stays.
 * @throws {MillraceError} `TLS_UNUSABLE` where the first one cannot be used
 */
export function keepCertificate(files: TlsFiles, log: Log, everyMs = lookMs): KeptCertificate {
  let current = readCertificate(files);
  const listeners: ((next: Certificate) => void)[] = [];

  function look(): void {
    try {
      const next = readCertificate(files);
      if (next.cert === current.cert && next.key === current.key) return;
      current = next;
      for (const listener of listeners) listener(next);
      log.info('the certificate was renewed');
    } catch (error) {
      log.warn({ err: error }, 'the changed certificate cannot be used; the one before is served on');
    }
  }

  for (const file of [files.cert, files.key]) watchFile(file, { interval: everyMs, persistent: false }, look);
  return {
    current,
    onChange: (listener) => void listeners.push(listener),
    stop: () => {
      for (const file of [files.cert, files.key]) unwatchFile(file, look);
    },
  };
}

function readCertificate({ cert, key }: TlsFiles): Certificate {
  const certificate = { cert: readPem(cert, 'certificate'), key: readPem(key, 'private key') };
  try {
    createSecureContext(certificate);
    return certificate;
  } catch (cause) {
    throw unusable(`The certificate ${cert} and the private key ${key} are no pair of PEM files.`, cause);
  }
}

function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(`The ${what} ${file} cannot be read.`, cause);
  }
}

function unusable(message: string, cause: unknown): MillraceError {
  return new MillraceError('TLS_UNUSABLE', message, { cause });
}
