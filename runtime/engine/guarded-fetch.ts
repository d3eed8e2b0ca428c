import { promises as dns, lookup } from 'node:dns';
import { MillraceError, type Network, type NodeContext } from '@millrace/contract';
import ipaddr from 'ipaddr.js';
import type { Dispatcher } from 'undici';

export type PrivateAddresses = 'none' | 'loopback' | 'all';

/**
 * `fetch` that refuses addresses an integration has no business with: the address that is connected to is checked,
 * so neither a spelling (`127.1`, `[::ffff:7f00:1]`) nor a rebinding name gets past. Redirects are not followed.
 * Throws `ADDRESS_REFUSED`.
 * @param resolve looks names up
 */
export function guardedFetch(allowed: PrivateAddresses, resolve: typeof lookup = lookup): NodeContext['fetch'] {
  let opened: Promise<Client> | undefined;
  return async (input, init) => {
    refuseLiteral(new URL(input), allowed);
    opened ??= openClient(guardedLookup(allowed, resolve));
    const { fetch, dispatcher } = await opened;
    try {
      return await fetch(input, { ...init, redirect: 'manual', dispatcher } as RequestInit);
    } catch (error) {
      // What the look-up refused is wrapped as trouble on the network, which would be tried again.
      throw refusalIn(error) ?? error;
    }
  };
}

type Undici = typeof import('undici');
type RequestInit = Parameters<Undici['fetch']>[1];
interface Client extends Pick<Undici, 'fetch'> {
  readonly dispatcher: Dispatcher;
}

/** Loaded when something is called at all: most commands call nothing, and it is large. */
async function openClient(resolve: typeof lookup): Promise<Client> {
  const { Agent, fetch } = await import('undici');
  return { fetch, dispatcher: new Agent({ connect: { lookup: resolve } }) };
}

function refusalIn(error: unknown): MillraceError | undefined {
  const { cause } = error as { cause?: unknown };
  return cause instanceof MillraceError ? cause : undefined;
}

/** The network as a connection may use it. */
export function guardedNetwork(allowed: PrivateAddresses): Network {
  return {
    fetch: guardedFetch(allowed),
    allow: (address) => refuse(address, allowed),
    async resolve(host) {
      const { address } = await dns.lookup(host).catch((cause: unknown) => {
        throw new MillraceError('HOST_UNKNOWN', `The host “${host}” cannot be found.`, {
          category: 'transient',
          cause,
        });
      });
      refuse(address, allowed);
      return address;
    },
  };
}

/** Literal addresses are connected to without a look-up. */
function refuseLiteral({ protocol, hostname }: URL, allowed: PrivateAddresses): void {
  if (!['http:', 'https:'].includes(protocol))
    throw new MillraceError('ADDRESS_REFUSED', `Only http and https addresses can be called, not ${protocol}`);
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal)) refuse(literal, allowed);
}

function guardedLookup(allowed: PrivateAddresses, resolve: typeof lookup): typeof lookup {
  const guarded = (
    hostname: string,
    options: object,
    callback: (error: Error | null, address?: unknown, family?: number) => void,
  ) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error);
      try {
        for (const { address } of addresses) refuse(address, allowed);
      } catch (refusal) {
        return callback(refusal as Error);
      }
      if ('all' in options && options.all) return callback(null, addresses);
      callback(null, addresses[0]?.address, addresses[0]?.family);
    });
  };
  return guarded as typeof lookup;
}

function refuse(address: string, allowed: PrivateAddresses): void {
  const range = ipaddr.process(address).range();
  if (range === 'unicast' || allowed === 'all' || (allowed === 'loopback' && range === 'loopback')) return;
  throw new MillraceError(
    'ADDRESS_REFUSED',
    `The address is in the range “${range}”, which this instance does not call.`,
  );
}
