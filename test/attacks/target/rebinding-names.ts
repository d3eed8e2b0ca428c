/**
 * Loaded into an instance before anything else: names below `rebinding.test` lead to this machine when they are looked up
 * for the first time, and to `ATTACKS_INSIDE` from then on, as a name service of an attacker's own would answer.
 */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const { ATTACKS_INSIDE: inside = '' } = process.env;
const lookedUp = new Set<string>();

function addressOf(host: string): string {
  if (lookedUp.has(host)) return inside;
  lookedUp.add(host);
  return '127.0.0.1';
}

const { lookup } = dns;
const { lookup: lookupInTime } = dns.promises;
type Callback = (error: null, found: unknown, family?: number) => void;

function rebinding(host: string, ...rest: unknown[]): void {
  if (host.endsWith('.rebinding.test')) answer(host, rest);
  else (lookup as (...given: unknown[]) => void)(host, ...rest);
}

/** @param rest options, where there are some, and the callback */
function answer(host: string, rest: readonly unknown[]): void {
  const { all = false } = (rest.length > 1 ? rest[0] : {}) as { all?: boolean };
  const done = rest.at(-1) as Callback;
  const found = { address: addressOf(host), family: 4 };
  setImmediate(() => (all ? done(null, [found]) : done(null, found.address, found.family)));
}

async function rebindingInTime(host: string, options: { all?: boolean } = {}): Promise<unknown> {
  if (!host.endsWith('.rebinding.test')) return lookupInTime(host, options);
  const found = { address: addressOf(host), family: 4 };
  return options.all ? [found] : found;
}

Object.assign(dns, { lookup: rebinding });
Object.assign(dns.promises, { lookup: rebindingInTime });
syncBuiltinESMExports();
