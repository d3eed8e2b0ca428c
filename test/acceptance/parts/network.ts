import { execFileSync } from 'node:child_process';

/** Hosts of the network, each a namespace of this machine. The first has the switch that all others hang on. */
export const hosts = ['database', 'api', 'worker-1', 'worker-2', 'outside'] as const;
export type Host = (typeof hosts)[number];

const prefix = 'millrace-';

export function namespaceOf(host: Host): string {
  return `${prefix}${host}`;
}

export function addressOf(host: Host): string {
  return `10.77.0.${hosts.indexOf(host) + 1}`;
}

/** Makes the namespaces and joins them; nothing leads out of them. Those of an earlier call are removed first. */
export function makeNetwork(): void {
  removeNetwork();
  for (const host of hosts) {
    ip('netns', 'add', namespaceOf(host));
    ip('-n', namespaceOf(host), 'link', 'set', 'lo', 'up');
  }
  const database = namespaceOf('database');
  ip('-n', database, 'link', 'add', 'switch', 'type', 'bridge');
  ip('-n', database, 'addr', 'add', `${addressOf('database')}/24`, 'dev', 'switch');
  ip('-n', database, 'link', 'set', 'switch', 'up');
  for (const host of hosts.slice(1)) {
    const own = namespaceOf(host);
    ip('-n', database, 'link', 'add', host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', own);
    ip('-n', database, 'link', 'set', host, 'master', 'switch', 'up');
    ip('-n', own, 'addr', 'add', `${addressOf(host)}/24`, 'dev', 'eth0');
    ip('-n', own, 'link', 'set', 'eth0', 'up');
  }
}

/** Pulls a host's cable, or puts it in again. */
export function setLink(host: Exclude<Host, 'database'>, state: 'up' | 'down'): void {
  ip('-n', namespaceOf('database'), 'link', 'set', host, state);
}

export function removeNetwork(): void {
  const present = ip('netns', 'list');
  for (const host of hosts) if (present.includes(namespaceOf(host))) ip('netns', 'del', namespaceOf(host));
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}
