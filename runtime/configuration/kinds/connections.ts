import { isObject, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { createConnection, updateConnection } from '../../connections/edit-connections.ts';
import { specOf } from '../../connections/known-connection.ts';
import { deleteConnection } from '../../connections/remove-connection.ts';
import { secretNames } from '../../connections/show-connections.ts';
import { type ConnectionRow, findConnection, listConnections } from '../../postgres/connections/connections.ts';
import { secretFields } from '../../secrets/split.ts';
import { compare } from '../configuration.ts';
import { jsonFile } from '../folder/file-form.ts';
import type { Application, Kind } from '../kind.ts';
import { tellJson } from '../tell-json.ts';

const Connection = Type.Object(
  {
    type: Type.String(),
    config: Type.Record(Type.String(), Type.Unknown(), { description: 'Without secrets' }),
    secrets: Type.Array(Type.String(), { description: 'Names of the secrets that it has' }),
  },
  { additionalProperties: false },
);
interface Connection {
  readonly type: string;
  readonly config: JsonObject;
  readonly secrets: readonly string[];
}

/** Connections without their secrets, of which only the names are told. A push leaves those as they are. */
export const connections: Kind = {
  id: 'connections',
  hasEnvironment: true,
  action: 'connections.edit',
  named: /^.{1,100}$/su,
  shape: Connection,
  files: jsonFile,
  async read(tx, _tenant, { masterKeys }) {
    const rows = await listConnections(tx);
    return rows.map((row) => {
      const { id, environment, name, type, config } = row;
      const secrets = Object.keys(secretNames(row.sealed, row, masterKeys)).sort(compare);
      return { environment, name, value: { type, config, secrets }, target: `connections/${id}` };
    });
  },
  canonical: (value) => value,
  watched(value) {
    const { type, config } = connectionOf(value);
    return { type, config };
  },
  wanted: (_place, value, { present }) =>
    value !== undefined && present !== undefined
      ? { ...connectionOf(value), secrets: connectionOf(present).secrets }
      : value,
  tell: tellJson,
  async apply(application) {
    const { services, tenant, place, before, after } = application;
    const { type, config } = connectionOf(after);
    refuseSecrets(application, connectionOf(after));
    if (before === undefined) await create(application, connectionOf(after));
    else if (connectionOf(before).type !== type)
      throw new MillraceError('CONNECTION_TYPE_FIXED', 'A connection stays of its type; make another one.', {
        pointer: '/type',
      });
    else await updateConnection(services, tenant.id, await idOf(application), { name: place.name, config });
    return [];
  },
  async remove(application) {
    await deleteConnection(application.services, application.tenant.id, await idOf(application));
  },
};

/** Whoever sees the folder would see it. */
function refuseSecrets({ services }: Application, { type, config }: Connection): void {
  const secrets = secretFields(specOf(services, type).config);
  const shown = Object.keys(config).find((name) => secrets.has(name));
  if (shown === undefined) return;
  const message = `“${shown}” is a secret and belongs in no configuration; take it out, and enter it by “millrace connection”.`;
  throw new MillraceError('SECRET_IN_CONFIGURATION', message, { pointer: `/config/${shown}` });
}

async function create({ services, tenant, place }: Application, { type, config, secrets }: Connection): Promise<void> {
  const { name, environment } = place;
  if (secrets.length > 0)
    throw new MillraceError(
      'CONNECTION_SECRET_NEEDED',
      `The connection “${name}” has secrets (${secrets.join(', ')}), which are in no configuration; create it in ${environment} first.`,
      { pointer: '/secrets' },
    );
  await createConnection(services, tenant.id, { name, type, environment, config });
}

async function idOf({ services, tenant, place }: Omit<Application, 'after'>): Promise<string> {
  const row: ConnectionRow | undefined = await services.database.asTenants([tenant.id], (tx) =>
    findConnection(tx, place.environment, place.name),
  );
  return row?.id ?? '';
}

function connectionOf(value: Json): Connection {
  return (isObject(value) ? value : {}) as unknown as Connection;
}
