import { fileURLToPath } from 'node:url';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';
import { insist } from './insist.ts';

/** Where a server is, and with which key it is spoken to. */
export interface Api {
  readonly url: string;
  readonly key: string;
}

/** Calls the API until it answers with less than 500. @throws where it refuses */
export async function call<T>({ url, key }: Api, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await insist(`${method} ${path} is answered`, async () => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(30_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return response.status < 500 ? { status: response.status, text } : undefined;
  });
  if (answer.status >= 400) throw new Error(`${method} ${path} was refused with ${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as T;
}

/** Deploys one of the flows beside this. @param deployment its parameters, and ids of connections by slot @param id of its own */
export async function deploy(api: Api, name: string, deployment: object, id?: string): Promise<void> {
  const { flow, ...bundle } = readWholeFlow(fileURLToPath(new URL(`../flows/${name}`, import.meta.url)));
  const deployed = { ...flow, id: id ?? flow.id };
  await call(api, 'POST', '/flows', { ...bundle, flow: deployed });
  await call(api, 'POST', `/flows/${deployed.id}/deploy`, deployment);
}
