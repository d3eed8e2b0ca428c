import { type ConnectionSpec, type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { replacedLongAgo } from '../postgres/connections/connections.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';
import { previousFields, secretFields } from '../secrets/split.ts';
import { type ChangedConnection, changeConnection } from './edit-connections.ts';
import { checkConfig } from './stored-config.ts';

type Services = Pick<Foundation, 'database' | 'catalogue' | 'masterKeys'>;

/**
 * Puts new secrets in place of those that there are, everything else staying. Where the type knows a previous secret, the
 * former one is valid besides the new one for a while.
 * @param given field → new secret
 * @param keepForMs how long the former one is valid
 * @throws {MillraceError} `NOT_FOUND`, `CONNECTION_INVALID`
 */
export async function rotateSecrets(
  services: Services,
  tenant: string,
  id: string,
  given: Readonly<Record<string, string>>,
  keepForMs: number,
): Promise<void> {
  if (keepForMs > longestKeptMs) throw keptTooLong();
  const until = new Date((await services.database.now()).getTime() + keepForMs);
  await changeConnection(services, tenant, id, ({ name, config, previousUntil }, secrets, spec) => {
    requireSecrets(given, spec);
    const former = formerOf(given, secrets, spec);
    const next = checkConfig({ ...config, ...secrets, ...former, ...given }, spec);
    const isKept = Object.keys(former).length > 0;
    return { name, config: next, previousUntil: isKept ? until : previousUntil, isElsewhere: false };
  });
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
  { name, config }: { readonly name: string; readonly config: JsonObject },
  secrets: JsonObject,
  spec: ConnectionSpec,
): ChangedConnection {
  const previous = new Set(previousFields(spec.config).values());
  const staying = Object.entries(secrets).filter(([field]) => !previous.has(field));
  return { name, config: { ...config, ...Object.fromEntries(staying) }, previousUntil: null, isElsewhere: false };
}
