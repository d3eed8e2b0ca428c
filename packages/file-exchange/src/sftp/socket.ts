import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { MillraceError } from '@millrace/contract';

/**
 * Refuses addresses that an integration has no business with.
 * @throws {MillraceError} `ADDRESS_REFUSED`
 */
export type AddressGuard = (address: string) => void;

/**
 * A connected socket. The guard sees every address that the name has, in the form in which it is connected to, before
 * anything is sent to any of them: neither a spelling (`127.1`, `[::ffff:7f00:1]`) nor a name that resolves differently
 * the next time gets past it.
 * @throws {MillraceError} what the guard throws; otherwise the system's error (`ECONNREFUSED`, `ENOTFOUND`)
 */
export async function connectGuarded(
  host: string,
  port: number,
  signal: AbortSignal,
  guard: AddressGuard | undefined,
): Promise<Socket> {
  const addresses = await addressesOf(host);
  for (const address of addresses) guard?.(address);
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await connectTo(address, port, signal);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  const found = await lookup(host, { all: true });
  if (found.length === 0)
    throw new MillraceError('HOST_UNKNOWN', `There is no host “${host}”.`, { category: 'transient' });
  return found.map(({ address }) => address);
}

async function connectTo(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
