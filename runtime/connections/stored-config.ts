import { type ConnectionSpec, isObject, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { Value } from 'typebox/value';
import { ownerOf } from '../engine/connections.ts';
import { type MasterKey, open, type Sealed, seal } from '../secrets/envelope.ts';
import { secretFields, splitSecrets } from '../secrets/split.ts';

export interface ConnectionIdentity {
  readonly tenant: string;
  readonly id: string;
}

/** A connection's config as it is stored: its secrets sealed for this very connection. */
export function sealConfig(
  config: JsonObject,
  spec: ConnectionSpec,
  { tenant, id }: ConnectionIdentity,
  masterKey: MasterKey,
): { config: JsonObject; sealed: Sealed | null } {
  const { open: visible, secret } = splitSecrets(config, spec.config);
  return { config: visible, sealed: secret ? seal(secret, ownerOf(tenant, id), masterKey) : null };
}

/** The stored secrets of a connection, by field. */
export function openSecrets(
  sealed: Sealed | null,
  { tenant, id }: ConnectionIdentity,
  masterKey: MasterKey,
): JsonObject {
  const secret = sealed ? open(sealed, ownerOf(tenant, id), masterKey) : {};
  return isObject(secret) ? secret : {};
}

/** @throws {MillraceError} `CONNECTION_INVALID` with every problem; secrets are never quoted */
export function checkConfig(config: JsonObject, spec: ConnectionSpec): JsonObject {
  const complete = Value.Default(spec.config, structuredClone(config)) as JsonObject;
  if (Value.Check(spec.config, complete)) return complete;
  const problems = Value.Errors(spec.config, complete).map(({ instancePath, message }) => ({
    code: 'CONNECTION_INVALID',
    pointer: `/config${instancePath}`,
    message: `The setting ${instancePath === '' ? 'as a whole' : `“${instancePath.slice(1)}”`} does not fit: it ${message}.`,
  }));
  throw new MillraceError('CONNECTION_INVALID', `The settings do not fit a connection of type “${spec.title}”.`, {
    problems,
  });
}

/** A form sends back what it was shown: `{ "set": true }` stands for a secret that is to stay. */
export function withoutMasks(config: JsonObject, spec: ConnectionSpec): JsonObject {
  const secrets = secretFields(spec.config);
  const isMask = (name: string, value: Json) => secrets.has(name) && (isObject(value) || value === '');
  return Object.fromEntries(Object.entries(config).filter(([name, value]) => !isMask(name, value)));
}

/**
 * The new config with the kept secrets. They were entered for one other side; whoever may edit but not read them must
 * not be able to have them sent elsewhere, so that any change but that of a plain number needs them again.
 * @throws {MillraceError} `CONNECTION_SECRET_NEEDED`
 */
export function keepSecrets(next: JsonObject, before: JsonObject, kept: JsonObject, spec: ConnectionSpec): JsonObject {
  const missing = Object.keys(kept).filter((name) => next[name] === undefined);
  if (missing.length === 0) return next;
  const secrets = secretFields(spec.config);
  const names = [...new Set([...Object.keys(before), ...Object.keys(next)])].filter((name) => !secrets.has(name));
  const changed = names.find((name) => !isHarmless(name, before[name], next[name]));
  if (changed !== undefined)
    throw new MillraceError(
      'CONNECTION_SECRET_NEEDED',
      `As “${changed}” changes, enter again: ${missing.join(', ')}.`,
      { pointer: `/config/${missing[0]}`, details: { changed, secrets: missing } },
    );
  return { ...kept, ...next };
}

function isHarmless(name: string, before: Json | undefined, next: Json | undefined): boolean {
  if (Value.Equal(before, next)) return true;
  return name !== 'port' && [before, next].every((value) => value === undefined || typeof value === 'number');
}
