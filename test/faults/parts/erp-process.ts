import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@millrace/contract';
import { freePort } from '@millrace/testing/free-port';
import { spawnOwn } from './own-process.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('./erp.ts', import.meta.url));

/** What the ERP says of itself. */
export interface ErpState {
  /** Of a connection to it. */
  readonly config: JsonObject;
  readonly stock: Readonly<Record<string, number>>;
  readonly orders: readonly ErpOrder[];
  readonly webhooks: readonly { readonly state: string; readonly status: number | null }[];
}

export interface ErpOrder {
  readonly order_id: string;
  readonly line_items: readonly { readonly sku: string; readonly quantity: number }[];
  /** How often it came. */
  readonly asked: number;
}

export interface Erp {
  state(): Promise<ErpState>;
  /** As in a flow test's script. Done when it answers. */
  act(act: JsonObject): Promise<ErpState>;
  stop(): Promise<void>;
}

export async function startErp(): Promise<Erp> {
  const port = await freePort();
  const child = spawnOwn(process.execPath, [program, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ask = async (init: RequestInit = {}): Promise<ErpState> =>
    (await (await fetch(`http://127.0.0.1:${port}`, init)).json()) as ErpState;
  await until('the ERP answers', 60_000, () =>
    ask().then(
      () => true,
      () => false,
    ),
  );
  return {
    state: () => ask(),
    act: (act) => ask({ method: 'POST', body: JSON.stringify(act) }),
    stop: () => child.end(),
  };
}
