import { isObject, type Json, MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { changeChannel, createChannel, dropChannel } from '../../alerts/channels.ts';
import { listChannels } from '../../postgres/alerts/channels.ts';
import { jsonFile } from '../folder/file-form.ts';
import type { Application, Kind } from '../kind.ts';
import { tellJson } from '../tell-json.ts';

const common = { severity: Type.Enum(['warning', 'high']), enabled: Type.Boolean() };
const Channel = Type.Union([
  Type.Object({ ...common, to: Type.Array(Type.String(), { minItems: 1 }) }, { additionalProperties: false }),
  Type.Object({ ...common, url: Type.String() }, { additionalProperties: false }),
]);
interface Channel {
  readonly severity: 'warning' | 'high';
  readonly enabled: boolean;
  readonly to?: readonly string[];
  readonly url?: string;
}

/** Where alerts go, without the secrets by which webhooks are signed. */
export const alertChannels: Kind = {
  id: 'alert-channels',
  hasEnvironment: false,
  action: 'alert-channels.edit',
  named: /^.{1,100}$/su,
  shape: Channel,
  files: jsonFile,
  async read(tx) {
    return (await listChannels(tx)).map(({ id, name, config, severity, enabled }) => ({
      environment: '',
      name,
      value: { ...config, severity, enabled },
      target: `alert-channels/${id}`,
    }));
  },
  canonical: (value) => value,
  tell: tellJson,
  async apply(application) {
    const { services, tenant, place, before, after } = application;
    const given = channelOf(after);
    if (before !== undefined) await changeChannel(services, tenant.id, await idOf(application), given);
    else if (given.url === undefined) await createChannel(services, tenant.id, { name: place.name, ...given });
    else throw secretUnseen(place.name);
    return [];
  },
  async remove(application) {
    await dropChannel(application.services, application.tenant.id, await idOf(application));
  },
};

/** The secret is shown to whoever makes the channel, and in no log of a push. */
function secretUnseen(name: string): MillraceError {
  const message = `The channel “${name}” is a webhook, whose secret is shown once when it is made: make it by the API first.`;
  return new MillraceError('CHANNEL_SECRET_NEEDED', message, { pointer: '/url' });
}

async function idOf({ services, tenant, place }: Omit<Application, 'after'>): Promise<string> {
  const channels = await services.database.asTenants([tenant.id], listChannels);
  return channels.find(({ name }) => name === place.name)?.id ?? '';
}

function channelOf(value: Json): Channel {
  return (isObject(value) ? value : {}) as unknown as Channel;
}
