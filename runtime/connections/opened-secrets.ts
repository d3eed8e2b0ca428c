import { isObject, type JsonObject } from '@millrace/contract';
import { LeastRecentlyUsed } from '@millrace/mapping';
import { type MasterKeys, open, type Sealed } from '../secrets/envelope.ts';
import { type Hide, hideNothing, hidingOf } from '../secrets/hide-known.ts';

/** The secrets of a connection, and what hides them. */
export interface OpenedSecrets {
  readonly secrets: JsonObject;
  readonly hide: Hide;
}

/** Bytes that are kept for each sealed one: mostly the patterns by which the secrets are found. */
const keptForEach = 100;
const mostKept = 20_000_000;

const opened = new WeakMap<MasterKeys, LeastRecentlyUsed<OpenedSecrets>>();

/**
 * What is sealed for an owner, opened once as long as it stays: every step that uses a connection needs it, and to open it and
 * to make what finds them takes 0.15 ms, 2 ms for a private key of many lines. Secrets are sealed with new random bytes
 * whenever they are stored, so that the same bytes are the same secrets, whoever has changed the connection meanwhile.
 * @throws {MillraceError} `SECRET_UNREADABLE`
 */
export function openedSecrets(sealed: Sealed | null, owner: string, masterKeys: MasterKeys): OpenedSecrets {
  if (!sealed) return { secrets: {}, hide: hideNothing };
  const known = opened.get(masterKeys) ?? new LeastRecentlyUsed<OpenedSecrets>(mostKept);
  opened.set(masterKeys, known);
  const { secret, wrappedKey, keyId } = sealed;
  const key = [owner, keyId, wrappedKey.toString('base64'), secret.toString('base64')].join(' ');
  return known.get(key, key.length * keptForEach, () => {
    const secret = open(sealed, owner, masterKeys);
    const secrets = isObject(secret) ? secret : {};
    return { secrets, hide: hidingOf(secrets) };
  });
}
