import { randomBytes, randomUUID } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import {
  type ChannelRow,
  type ChannelTarget,
  insertChannel,
  listChannels,
  raiseTestAlert,
  removeChannel,
  updateChannel,
} from '../postgres/alerts/channels.ts';
import { seal } from '../secrets/envelope.ts';

type Services = Pick<Foundation, 'database' | 'masterKeys'>;

/** What a channel is made of; either addresses or an address of the web. */
export interface GivenChannel {
  readonly name: string;
  readonly to?: readonly string[] | undefined;
  readonly url?: string | undefined;
  readonly severity?: ChannelRow['severity'] | undefined;
  readonly enabled?: boolean | undefined;
}

export interface MadeChannel {
  readonly channel: ChannelRow;
  /** Of a webhook: by which its receiver checks the signature. Shown this once. */
  readonly secret?: string;
}

export function showChannels({ database }: Services, tenant: string): Promise<ChannelRow[]> {
  return database.asTenants([tenant], listChannels);
}

/** @throws {MillraceError} `CHANNEL_INVALID`, `NAME_TAKEN` */
export async function createChannel(services: Services, tenant: string, given: GivenChannel): Promise<MadeChannel> {
  const { name, severity = 'warning', enabled = true } = given;
  const id = randomUUID();
  const target = targetOf(given);
  const secret = target.kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : undefined;
  const sealed = secret === undefined ? null : seal({ signing: secret }, `${tenant}/${id}`, services.masterKeys);
  await services.database
    .asTenants([tenant], (tx) => insertChannel(tx, { id, tenant, name, severity, enabled, sealed, ...target }))
    .catch(explainName(name));
  return { channel: await channelOf(services, tenant, id), ...(secret !== undefined && { secret }) };
}

/**
 * Changes what is given; a channel stays of its kind.
 * @throws {MillraceError} `NOT_FOUND`, `CHANNEL_INVALID`, `NAME_TAKEN`
 */
export async function changeChannel(
  services: Services,
  tenant: string,
  id: string,
  given: Partial<GivenChannel>,
): Promise<ChannelRow> {
  const present = await channelOf(services, tenant, id);
  const { name = present.name, severity = present.severity, enabled = present.enabled } = given;
  const { config } = given.to || given.url !== undefined ? sameKind(targetOf(given), present) : present;
  await services.database
    .asTenants([tenant], (tx) => updateChannel(tx, { id, name, config, severity, enabled }))
    .catch(explainName(name));
  return channelOf(services, tenant, id);
}

/** @throws {MillraceError} `NOT_FOUND` */
export async function dropChannel({ database }: Services, tenant: string, id: string): Promise<void> {
  if (!(await database.asTenants([tenant], (tx) => removeChannel(tx, id)))) throw channelMissing();
}

/**
 * Sends an alert to this channel alone; its delivery tells how that went.
 * @returns id of the alert
 * @throws {MillraceError} `NOT_FOUND` where there is no such channel, or it is off
 */
export async function testChannel({ database }: Services, tenant: string, id: string): Promise<string> {
  const message = 'This is a test of the channel; nothing is wrong.';
  const alert = await database.asTenants([tenant], (tx) => raiseTestAlert(tx, id, message));
  return alert ?? Promise.reject(channelMissing());
}

async function channelOf(services: Services, tenant: string, id: string): Promise<ChannelRow> {
  const found = (await showChannels(services, tenant)).find((channel) => channel.id === id);
  return found ?? Promise.reject(channelMissing());
}

function targetOf({ to, url }: Partial<GivenChannel>): ChannelTarget {
  if (to && url === undefined) return { kind: 'email', config: { to } };
  if (url === undefined || to) throw invalid('A channel has either “to”, addresses of e-mail, or “url”.', '');
  return { kind: 'webhook', config: { url: checkedUrl(url) } };
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** What alerts say is nobody else's business on the way. */
function checkedUrl(text: string): string {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  if (!url || !isSafe) throw invalid('The address must begin with https://, unless it is on this machine.', '/url');
  if (url.username !== '' || url.password !== '')
    throw invalid('The address must not hold a user or password; the signature proves who sends.', '/url');
  return url.href;
}

function sameKind(target: ChannelTarget, { kind }: ChannelRow): ChannelTarget {
  if (target.kind === kind) return target;
  throw invalid('A channel stays of its kind; make another one.', target.kind === 'email' ? '/to' : '/url');
}

function invalid(message: string, pointer: string): MillraceError {
  return new MillraceError('CHANNEL_INVALID', message, { pointer });
}

function channelMissing(): MillraceError {
  return new MillraceError('NOT_FOUND', 'This channel does not exist, or is off.', { category: 'not-found' });
}

const uniqueViolation = '23505';

function explainName(name: string): (error: unknown) => never {
  return (error) => {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    throw new MillraceError('NAME_TAKEN', `There is a channel “${name}” already.`, { pointer: '/name' });
  };
}
