/** An instance with the order's flows deployed, as other systems and suppliers meet it. Tests only. */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Json, Sandbox } from '@millrace/contract';
import mailPack from '@millrace/pack-mail';
import { createDatabase } from '@millrace/testing';
import { commandLine } from '@millrace/testing/command-line';
import { freePort } from '@millrace/testing/free-port';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { loadConfig } from '../../runtime/config/load.ts';
import { readWholeFlow } from '../../runtime/flows/folder.ts';
import { startMillrace } from '../../runtime/main.ts';
import { migrate } from '../../runtime/postgres/migrate.ts';

const templates = fileURLToPath(new URL('../../flows', import.meta.url));

/** Folders of the templates of this process. */
export const orderFlows = readdirSync(templates)
  .filter((name) => name.startsWith('order-') && name !== 'order-export-dropzone')
  .map((name) => `${templates}/${name}`);

export interface Answer {
  readonly status: number;
  /** Its fields, where it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const secrets = {
  callers: 'the platform knows this',
  link: 'nobody but us knows this',
  supplier: 'whsec_c3VwcGxpZXIgc2VjcmV0',
};

/** Where the flows send e-mail in these tests. */
export async function startMail(): Promise<Sandbox> {
  const type = mailPack.connections.find(({ id }) => id === 'mail/smtp');
  return (await type?.sandbox?.({ folder: '', now: () => new Date(), database: createDatabase })) as Sandbox;
}

/**
 * The link in the mail about an order.
 * @throws where it has not come yet
 */
export async function linkInMail(mail: Sandbox, number: string): Promise<string> {
  const { messages } = (await mail.state()) as { messages: { subject: string; source: string }[] };
  const source = messages.find(({ subject }) => subject.includes(number))?.source ?? '';
  const link = /http:\S+/.exec(source.replaceAll('=\r\n', '').replaceAll('=3D', '='))?.[0];
  if (!link) throw new Error('There is no mail yet.');
  return link;
}

/** Orders; where the machine is so busy that the flow has not answered in time (202), the same is asked again. */
export async function place(orders: Orders, body: object): Promise<Answer> {
  for (;;) {
    const answer = await orders.call('POST', '/orders', body);
    if (answer.status !== 202) return answer;
  }
}

/** A whole instance over a database of its own until the test file ends. @param mail where the flows send e-mail */
export async function startOrders(mail: Sandbox) {
  const database = await createDatabase({ prepare: migrate, template: 'millrace' });
  const home = mkdtempSync(join(tmpdir(), 'millrace-orders-'));
  const port = await freePort();
  const env = { DATABASE_URL: database.url, MILLRACE_HOME: home, PORT: String(port), MILLRACE_LOG_LEVEL: 'warn' };
  const millrace = await startMillrace(loadConfig(env, home), { demo: false, out: new PassThrough() });
  const url = `http://127.0.0.1:${port}`;
  const key = await createKey(env);
  const api: Api = (method, path, body) =>
    request(`${url}/api/v1${path}`, method, body, { authorization: `Bearer ${key}` });
  await deployAll(api, `${url}/hooks/acme`, mail);
  const asCaller = { authorization: `Bearer ${secrets.callers}` };
  return {
    supplierSecret: secrets.supplier,
    /** Calls a flow with the key of the platform, unless other headers are given. */
    call: (method: string, path: string, body?: unknown, headers: Record<string, string> = asCaller) =>
      request(`${url}/hooks/acme/api${path}`, method, body, headers),
    async stop() {
      await millrace.stop();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
export type Orders = Awaited<ReturnType<typeof startOrders>>;

async function createKey(env: Record<string, string>): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [commandLine, 'key', 'create', '--tenant', 'acme'], {
    env: { ...plainEnvironment, ...env },
  });
  return stdout.trim();
}

type Api = (method: string, path: string, body?: unknown) => Promise<Answer>;

async function deployAll(api: Api, publicAddress: string, mail: Sandbox): Promise<void> {
  const connect = async (name: string, type: string, config: unknown) =>
    [name, (await insist(api('POST', '/connections', { name, type, config }))).id as string] as const;
  const connections = Object.fromEntries([
    ...(await Promise.all(
      Object.entries(secrets).map(([name, current]) => connect(name, 'core/webhook-secret', { current })),
    )),
    await connect('mail', 'mail/smtp', mail.config),
  ]);
  for (const folder of orderFlows) {
    const bundle = readWholeFlow(folder);
    await insist(api('POST', '/flows', bundle));
    const slots = Object.keys(bundle.flow.connections ?? {});
    const parameters = bundle.flow.id === 'order-confirmation-mail' ? { parameters: { publicAddress } } : {};
    await insist(
      api('POST', `/flows/${bundle.flow.id}/deploy`, {
        connections: Object.fromEntries(slots.map((slot) => [slot, connections[slot]])),
        ...parameters,
      }),
    );
  }
}

async function insist(asked: Promise<Answer>): Promise<Answer['body']> {
  const answer = await asked;
  if (answer.status > 299) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}

export async function request(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(sent !== undefined && { body: sent }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJson ? JSON.parse(text) : {}, text };
}

/** Everything that orders stand on, registered by the flows themselves. */
export async function registerOffers(orders: Orders, count: number) {
  const [restaurant, supplier, wine] = [randomUUID(), randomUUID(), randomUUID()];
  const put = (path: string, body: Json) => insist(orders.call('PUT', path, body));
  await put(`/restaurants/${restaurant}`, { name: 'Krogen' });
  await put(`/suppliers/${supplier}`, { name: 'Vinhuset AB', email: 'orders@vinhuset.example' });
  await put(`/wines/${wine}`, { name: 'Barolo', producer: 'Cascina Rossa', alcohol_percentage: 14.5 });
  const requests = Array.from({ length: count }, () => randomUUID());
  const lines = [{ wine_id: wine, quantity: 12, unit_price_sek: 200 }];
  for (const id of requests)
    await put(`/requests/${id}`, { restaurant_id: restaurant, supplier_id: supplier, lines, shipping_cost_sek: 400 });
  const order = (request: string, more = {}) => ({
    request_id: request,
    selected_wine_ids: [wine],
    delivery_address: { line1: 'Kungsgatan 1', postal_code: '111 43', city: 'Stockholm' },
    ...more,
  });
  return { requests, order, supplier };
}
