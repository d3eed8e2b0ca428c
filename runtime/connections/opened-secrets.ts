import type { JsonObject } from '@millrace/contract';
import { LeastRecentlyUsed } from '@millrace/mapping';
import type { MasterKey, Sealed } from '../secrets/envelope.ts';
import { type Hide, hideNothing, hidingOf } from '../secrets/hide-known.ts';
import { type ConnectionIdentity, openSecrets } from './stored-config.ts';

/** The secrets of a connection, and what hides them. */
export interface OpenedSecrets {
  readonly secrets: JsonObject;
  readonly hide: Hide;
}

/** Bytes that are kept for each sealed one: mostly the patterns by which the secrets are found. */
const keptForEach = 100;
const mostKept = 20_000_000;

const opened = new WeakMap<MasterKey, LeastRecentlyUsed<OpenedSecrets>>();

/**
 * As {@link openSecrets}, each once as long as they stay: every step that uses a connection needs them, and to open them and
 * to make what finds them takes 0.15 ms, 2 ms for a private key of many lines. Secrets are sealed with new random bytes
 * whenever they are stored, so that the same bytes are the same secrets, whoever has changed the connection meanwhile.
 * @throws {MillraceError} `SECRET_UNREADABLE`
 */
export function openedSecrets(
  sealed: Sealed | null,
  identity: ConnectionIdentity,
  masterKey: MasterKey,
): OpenedSecrets {
  if (!sealed) return { secrets: {}, hide: hideNothing };
  const known = opened.get(masterKey) ?? new LeastRecentlyUsed<OpenedSecrets>(mostKept);
  opened.set(masterKey, known);
  const { secret, wrappedKey, keyId } = sealed;
  const key = [identity.tenant, identity.id, keyId, wrappedKey.toString('base64'), secret.toString('base64')].join(' ');
  return known.get(key, key.length * keptForEach, () => {
    const secrets = openSecrets(sealed, identity, masterKey);
    return { secrets, hide: hidingOf(secrets) };
  });
}
