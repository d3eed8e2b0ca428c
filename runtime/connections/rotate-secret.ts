import { type ConnectionSpec, type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { type ConnectionRow, replacedLongAgo } from '../postgres/connections/connections.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import { previousFields, secretFields } from '../secrets/split.ts';
import { type Change, type ChangedConnection, changeConnection } from './edit-connections.ts';
import { knownConnection } from './known-connection.ts';
import { checkConfig } from './stored-config.ts';
import { noteTest } from './test-connection.ts';
import { tryChange } from './try-change.ts';
import type { Tested, TestServices } from './try-connection.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys'>;

/**
 * Puts new secrets in place of those that there are, everything else staying. What flows use is replaced only by what a test
 * has found good. Where the type knows a previous secret, the former one is valid besides the new one for a while.
 * @param given field → new secret
 * @param keepForMs how long the former one is valid
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_INVALID`, `CONNECTION_FAILS`, `CONNECTION_CHANGED`
 */
export async function rotateSecrets(
  services: TestServices,
  tenant: string,
  id: string,
  given: Readonly<Record<string, string>>,
  keepForMs: number,
): Promise<void> {
  if (keepForMs > longestKeptMs) throw keptTooLong();
  const now = await services.database.now();
  const until = new Date(now.getTime() + keepForMs);
  const rotated: Change = ({ name, config, previousUntil, provedAt }, secrets, spec) => {
    requireSecrets(given, spec);
    const former = formerOf(given, secrets, spec);
    const next = checkConfig({ ...config, ...secrets, ...former, ...given }, spec);
    const isKept = Object.keys(former).length > 0;
    return { name, config: next, previousUntil: isKept ? until : previousUntil, provedAt, isElsewhere: false };
  };
  const row = await knownConnection(services, tenant, id);
  const tested = await tryChange(services, row, rotated);
  if (!tested.ok && row.provedAt !== null) throw formerStays(tested);
  await changeConnection(services, tenant, id, (present, secrets, spec) => {
    if (present.revision !== row.revision) throw changedMeanwhile();
    return { ...rotated(present, secrets, spec), provedAt: tested.ok ? now : null };
  });
  await noteTest(services.database.byItself(), row, tested);
}

function formerStays({ message }: Tested): MillraceError {
  return new MillraceError('CONNECTION_FAILS', `The former secret stays, as the new one is not good: ${message}`, {
    pointer: '/secrets',
  });
}

function changedMeanwhile(): MillraceError {
  return new MillraceError(
    'CONNECTION_CHANGED',
    'Somebody else has just changed the connection; look at it, and try again.',
  );
}

const longestKeptMs = 30 * 24 * 3_600_000;

function keptTooLong(): MillraceError {
  const message = 'A secret that was replaced is valid for 30 days at most.';
  return new MillraceError('CONNECTION_INVALID', message, { pointer: '/keepFor' });
}

/** Previous secret's field → what is replaced. */
function formerOf(given: object, secrets: JsonObject, spec: ConnectionSpec): JsonObject {
  const replaced = [...previousFields(spec.config)].flatMap(([current, previous]) => {
    const former = current in given ? secrets[current] : undefined;
    return former === undefined ? [] : [[previous, former] as const];
  });
  return Object.fromEntries(replaced);
}

function requireSecrets(given: object, spec: ConnectionSpec): void {
  const fields = secretFields(spec.config);
  const stranger = Object.keys(given).find((name) => !fields.has(name));
  if (stranger === undefined) return;
  throw new MillraceError(
    'CONNECTION_INVALID',
    `“${stranger}” is no secret of a connection of type “${spec.title}”; its secrets are: ${[...fields].join(', ') || 'none'}.`,
    { pointer: `/secrets/${stranger}` },
  );
}

/** Takes away the previous secrets whose time is over, of all tenants. */
export async function dropPreviousSecrets(services: Services): Promise<void> {
  for (const tenants of await listTenants(services.database)) {
    const over = await services.database.asTenants(tenants, replacedLongAgo);
    for (const { tenant, id } of over) await changeConnection(services, tenant, id, withoutPrevious);
  }
}

function withoutPrevious(
  { name, config, provedAt }: ConnectionRow,
  secrets: JsonObject,
  spec: ConnectionSpec,
): ChangedConnection {
  const previous = new Set(previousFields(spec.config).values());
  const staying = Object.entries(secrets).filter(([field]) => !previous.has(field));
  return {
    name,
    config: { ...config, ...Object.fromEntries(staying) },
    previousUntil: null,
    provedAt,
    isElsewhere: false,
  };
}
