import { type Logger, pino } from 'pino';
import { hideInText, withoutSecrets } from './secrets/hide.ts';

export type Log = Logger;

/**
 * Structured log, a line of JSON each, to the given stream. Whatever is logged, at whatever level: fields whose names say
 * that they hold a secret are cut out at any depth, of errors too, and what looks like a credential is cut out of texts.
 */
export function createLog(level: string, destination: NodeJS.WritableStream): Log {
  const log = pino(
    { level, base: null, formatters: { log: withoutSecrets }, hooks: { streamWrite: hideInText } },
    destination as Parameters<typeof pino>[1] & NodeJS.WritableStream,
  );
  // What a child log carries is formatted when the child is made; children inherit this from the log that made them.
  const { child } = log;
  log.child = function childWithoutSecrets(this: Log, bindings: object, ...options: []) {
    return child.call(this, withoutSecrets(bindings), ...options);
  } as typeof child;
  return log;
}
