import { type ConnectionSpec, isObject, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { Value } from 'typebox/value';
import { type MasterKeys, open, type Sealed, seal } from '../secrets/envelope.ts';
import { secretFields, splitSecrets } from '../secrets/split.ts';

export interface ConnectionIdentity {
  readonly tenant: string;
  readonly id: string;
}

/** A connection's config as it is stored: its secrets sealed for this very connection. */
export function sealConfig(
  config: JsonObject,
  spec: ConnectionSpec,
  identity: ConnectionIdentity,
  masterKeys: MasterKeys,
): { config: JsonObject; sealed: Sealed | null } {
  const { open: visible, secret } = splitSecrets(config, spec.config);
  return { config: visible, sealed: secret ? seal(secret, ownerOf(identity), masterKeys) : null };
}

/** The stored secrets of a connection, by field. */
export function openSecrets(sealed: Sealed | null, identity: ConnectionIdentity, masterKeys: MasterKeys): JsonObject {
  const secret = sealed ? open(sealed, ownerOf(identity), masterKeys) : {};
  return isObject(secret) ? secret : {};
}

/** What a connection's secret is bound to: a row copied to another owner does not open. */
export function ownerOf({ tenant, id }: ConnectionIdentity): string {
  return `${tenant}/${id}`;
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
 * The new config with the secrets that stay. A secret is taken away by `null`, and where the new sort of connection has
 * no place for it. The others were entered for one other side; whoever may edit but not read them must not be able to
 * have them sent elsewhere, so that any change but that of a plain number needs them again.
 * @throws {MillraceError} `CONNECTION_SECRET_NEEDED`
 */
export function keepSecrets(next: JsonObject, before: JsonObject, kept: JsonObject, spec: ConnectionSpec): JsonObject {
  const given = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null));
  const staying = Object.entries(kept).filter(([name]) => next[name] === undefined);
  const whole = { ...given, ...Object.fromEntries(staying) };
  if (staying.length === 0) return given;
  if (fits(given, spec) && !fits(whole, spec)) return given;
  const changed = changedIdentity(given, before, spec);
  if (changed === undefined) return whole;
  const names = staying.map(([name]) => name);
  throw new MillraceError('CONNECTION_SECRET_NEEDED', `As “${changed}” changes, enter again: ${names.join(', ')}.`, {
    pointer: `/config/${names[0]}`,
    details: { changed, secrets: names },
  });
}

function fits(config: JsonObject, spec: ConnectionSpec): boolean {
  return Value.Check(spec.config, Value.Default(spec.config, structuredClone(config)));
}

/** A setting that says what the other side is, where it has changed. */
export function changedIdentity(next: JsonObject, before: JsonObject, spec: ConnectionSpec): string | undefined {
  const secrets = secretFields(spec.config);
  const names = [...Object.keys(before), ...Object.keys(next)].filter((name) => !secrets.has(name));
  return names.find((name) => !isHarmless(name, before[name], next[name]));
}

/** Whether it logs in otherwise than with the secrets that there were. */
export function changedSecrets(next: JsonObject, before: JsonObject, spec: ConnectionSpec): boolean {
  return [...secretFields(spec.config)].some((name) => !Value.Equal(next[name], before[name]));
}

function isHarmless(name: string, before: Json | undefined, next: Json | undefined): boolean {
  if (Value.Equal(before, next)) return true;
  return name !== 'port' && [before, next].every((value) => value === undefined || typeof value === 'number');
}
