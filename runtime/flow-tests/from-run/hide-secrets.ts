import { isObject, type Json } from '@millrace/contract';
import { hideInText } from '../../secrets/hide.ts';
import { type Hide, hidingOf } from '../../secrets/hide-known.ts';
import { type IsSecret, secretTexts, withoutSecretFields } from './secret-places.ts';

/**
 * Data without secrets. One that is found in a field of secrets is hidden wherever else it stands, so that what flows make of
 * it stays the same.
 */
export type HideSecrets = (value: Json) => Json;

/**
 * @param data all that is to be shown
 * @param connections what hides the secrets of the connections that there are
 */
export function hideSecrets(data: readonly Json[], isSecret: IsSecret, connections: readonly Hide[]): HideSecrets {
  const found = hidingOf(data.flatMap((value) => secretTexts(value, isSecret)));
  return (value) => {
    const known = [...connections, found].reduce<Json>((hidden, hide) => hide(hidden), value);
    return withoutSecretFields(inTexts(known), isSecret);
  };
}

/** What looks like a credential is one, wherever it stands. */
function inTexts(value: Json): Json {
  if (typeof value === 'string') return hideInText(value);
  if (Array.isArray(value)) return value.map(inTexts);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inTexts(inner)]));
}
