import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@millrace/testing/free-port';
import { readWholeFlow } from '../../runtime/flows/folder.ts';
import { user } from './millrace.fixture.ts';
import { type Api, call as insistOn } from './parts/api.ts';
import { insist } from './parts/insist.ts';

/** An event as the ERP sends it. */
export interface ErpEvent {
  readonly event_id: string;
  readonly event_type: 'catalog.update' | 'inventory.change';
  readonly timestamp: string;
  readonly data: object;
}

export interface Stored<Data> {
  readonly id: string;
  readonly version: number;
  readonly data: Data;
  readonly history?: readonly { readonly why: string | null }[];
}

const templates = fileURLToPath(new URL('../../flows', import.meta.url));
const secret = 'erp-secret-of-the-test';

/** A server of its own, with the templates for what comes in and for media, until the test ends. */
export async function startShop(settings: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const port = await freePort();
  const me = await user({ PORT: String(port), MILLRACE_DEMO: 'false', ...settings });
  const key = (await me.millrace('key', 'create', '--tenant', 'shop').ended).stdout.trim();
  const api = { url: `http://127.0.0.1:${port}`, key };
  me.millrace('serve');
  await insist('the server answers', async () => ((await fetch(`${api.url}/api/v1/health`)).ok ? true : undefined));
  await deployTemplate(api, 'commerce-media', {});
  return shopAt(api, 'shop');
}

/** The template for what comes in, deployed for the tenant whose key is given. */
export async function shopAt(api: Api, tenant: string) {
  const { url, key } = api;
  const erp = await insistOn<{ id: string }>(api, 'POST', '/connections', {
    name: 'ERP',
    type: 'core/webhook-secret',
    config: { current: secret },
  });
  await deployTemplate(api, 'commerce-inbound', { connections: { erp: erp.id } });

  return {
    call: <T>(path: string) => insistOn<T>(api, 'GET', path),
    /** Signs and sends; answers status and body. */
    async send(event: ErpEvent | string, changes: { readonly signature?: string; readonly contentType?: string } = {}) {
      const body = typeof event === 'string' ? event : JSON.stringify(event);
      const signature = changes.signature ?? createHmac('sha256', secret).update(body).digest('hex');
      const response = await fetch(`${url}/hooks/${tenant}/erp/events`, {
        method: 'POST',
        headers: { 'content-type': changes.contentType ?? 'application/json', 'X-ERP-Signature': signature },
        body,
      });
      return { status: response.status, body: JSON.parse(await response.text()) };
    },
    async record<Data>(type: string, id: string): Promise<Stored<Data> | undefined> {
      const response = await fetch(`${url}/api/v1/records/${type}/${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return response.status === 404 ? undefined : ((await response.json()) as Stored<Data>);
    },
    async records<Data>(type: string, query = ''): Promise<readonly Stored<Data>[]> {
      const { records } = await insistOn<{ records: Stored<Data>[] }>(api, 'GET', `/records/${type}?limit=100${query}`);
      return records;
    },
  };
}

export type Shop = Awaited<ReturnType<typeof shopAt>>;

async function deployTemplate(api: Api, name: string, deployment: object): Promise<void> {
  await post(api, '/flows', readWholeFlow(join(templates, name)));
  await post(api, `/flows/${name}/deploy`, deployment);
}

/** Once: what was stored and not answered would be refused the second time. */
async function post({ url, key }: Api, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}: ${await response.text()}`);
}
