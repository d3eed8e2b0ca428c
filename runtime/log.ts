import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Structured log to the given stream; fields that are known to carry secrets are cut out wherever they turn up. */
export function createLog(level: string, destination: NodeJS.WritableStream): Log {
  const secret = ['authorization', 'cookie', 'password', 'privateKey', 'passphrase', 'secret', 'token', 'apiKey'];
  return pino(
    {
      level,
      base: null,
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
    },
    destination as Parameters<typeof pino>[1] & NodeJS.WritableStream,
  );
}
