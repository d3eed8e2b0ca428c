/**
 * `npm run acceptance:too-much`: five gigabytes are dropped into a folder and into an SFTP inbox, orders of ten and twenty
 * megabytes are posted, a flow with 10,000 nodes is imported, and PostgreSQL has no disk space left. The answers must be
 * clear, what others do goes on, and nobody has to lend a hand.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import { startAcknowledgingReceiver } from './parts/acknowledging.ts';
import { deploy } from './parts/api.ts';
import { compareBooks, untilAtRest } from './parts/books.ts';
import { dropLargeFile, type Inbox } from './parts/dropping.ts';
import { fillDisk } from './parts/full-disk.ts';
import { type Instance, openInstance } from './parts/instance.ts';
import { sendOrders } from './parts/orders.ts';
import { type Outcome, tellOutcomes } from './parts/verdict.ts';

/** What the server may need more afterwards, for bodies of twenty megabytes; a file of five gigabytes is not in it. */
const mostGrownMegabytes = 1_000;

const instance = await openInstance();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  process.exitCode = tellOutcomes([...(await tryAll(instance)), ...(await tryDisk())]);
} finally {
  await instance.remove();
}
process.exit();

async function tryAll(api: Instance): Promise<Outcome[]> {
  await api.start();
  const receiver = await startAcknowledgingReceiver(api, { file: join(api.home, 'arrivals.jsonl') });
  await deploy(api, 'acknowledged-order', { parameters: { receiver: receiver.url } });
  const before = residentMegabytes(api.pid());
  const hook = `${api.url}/hooks/acceptance/orders`;
  const outcomes = [
    await dropLargeFile(api, folderInbox(api)),
    await dropOverSftp(api),
    await postTooLarge(hook),
    await importTooLarge(api),
  ];
  const large = await sendOrders({ hook, count: 2, atOnce: 1, pauseMs: 0, note: 'x'.repeat(10_000_000) });
  const small = await sendOrders({ hook, count: 20, atOnce: 4, pauseMs: 0 });
  await untilAtRest(api);
  const accepted = [...large.accepted, ...small.accepted];
  const books = await compareBooks(api, { flow: 'acknowledged-order', accepted, arrivals: receiver.arrivals() });
  const grown = residentMegabytes(api.pid()) - before;
  await receiver.close();
  return [
    ...outcomes,
    { what: 'the server goes on in its memory', seen: `${grown} MB more`, holds: grown < mostGrownMegabytes },
    ...books.map((outcome) => ({ ...outcome, what: `2 orders of 10 MB and 20 small ones: ${outcome.what}` })),
  ];
}

function folderInbox(api: Instance): Inbox {
  const folder = join(api.home, 'inbox');
  return { name: 'a-watched-folder', folder, config: { kind: 'folder', path: folder } };
}

async function dropOverSftp(api: Instance): Promise<Outcome> {
  const name = 'an-sftp-inbox';
  const missing = opensshMissing();
  if (missing !== undefined) return { what: `5 GB dropped into ${name}`, seen: missing, holds: false };
  const server = await startOpenSsh();
  try {
    const { host, port, username, privateKey, hostKeyFingerprint: hostKey } = server;
    const folder = join(server.root, 'inbox');
    const config = { kind: 'sftp', host, port, username, privateKey, hostKey, path: folder };
    return await dropLargeFile(api, { name, folder, config });
  } finally {
    await server.stop();
  }
}

async function postTooLarge(hook: string): Promise<Outcome> {
  const body = JSON.stringify({ id: 'too-large', note: 'x'.repeat(20_000_000), lines: [] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(hook, { method: 'POST', headers, body });
  const text = await answer.text();
  return {
    what: 'an order of 20 MB is refused',
    seen: `${answer.status} ${text.slice(0, 200)}`,
    holds: answer.status === 413 && text.includes('PAYLOAD_TOO_LARGE'),
  };
}

/** It may be kept as a draft, to be made smaller; it is not deployed. */
async function importTooLarge({ url, key }: Instance): Promise<Outcome> {
  const numbers = Array.from({ length: 10_000 }, (_, number) => number);
  const node = { type: 'core/map', version: 1, config: { expression: '$' } };
  const flow = {
    format: 1,
    id: 'too-large',
    name: 'Too large',
    nodes: Object.fromEntries(numbers.map((number) => [`n${number}`, node])),
    edges: numbers.slice(1).map((number) => ({ from: `n${number - 1}`, to: `n${number}` })),
  };
  const began = performance.now();
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, text: await answer.text() };
  };
  const imported = await post('/flows', { flow });
  const deployed = await post('/flows/too-large/deploy', {});
  const ms = Math.round(performance.now() - began);
  return {
    what: 'a flow with 10,000 nodes is imported, and its deployment refused',
    seen: `${imported.status}, ${deployed.status} after ${ms} ms: ${deployed.text.slice(0, 300)}`,
    holds: imported.status === 201 && deployed.status === 422,
  };
}

async function tryDisk(): Promise<Outcome[]> {
  const what = 'a database without disk space';
  return (await fillDisk()) ?? [{ what, seen: 'not tried: this user may not mount a small disk', holds: false }];
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
