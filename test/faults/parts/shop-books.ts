import type { ErpState } from './erp-process.ts';
import type { Installation } from './installation.ts';

/** What the shop's records say. */
export interface ShopBooks {
  readonly orders: readonly { readonly order_id: string; readonly status: string }[];
  readonly stock: readonly { readonly sku: string; readonly quantity: number; readonly reserved: number }[];
}

/** Orders as their senders were answered. */
export interface Answered {
  readonly taken: readonly string[];
  readonly refused: readonly string[];
}

/** What an order has come to when nobody has anything to do for it any more. */
const settled = new Set(['SYNCED', 'REJECTED']);

export async function shopBooks({ query }: Installation): Promise<ShopBooks> {
  const of = async <T>(type: string): Promise<T[]> =>
    (await query<{ data: T }>('select data from millrace.record where type = $1 order by id', [type])).map(
      ({ data }) => data,
    );
  return { orders: await of('shop-order'), stock: await of('stock') };
}

/** Whether nothing is under way any more: no order, and nothing that the ERP has to tell. */
export function isAtRest({ orders }: ShopBooks, { webhooks }: ErpState): boolean {
  return orders.every(({ status }) => settled.has(status)) && webhooks.every(({ state }) => state !== 'waiting');
}

/** A sentence for whatever the books of the shop, those of the ERP and the answers do not agree about. */
export function disagreements({ taken, refused }: Answered, shop: ShopBooks, erp: ErpState): string[] {
  return [
    ...ofOrders(taken, 'SYNCED', shop),
    ...ofOrders(refused, 'REJECTED', shop),
    ...ofErpOrders(taken, erp),
    ...ofStock(shop, erp),
    ...erp.webhooks
      .filter(({ state }) => state !== 'delivered')
      .map(({ state, status }) => `a stock change of the ERP is ${state}: it was answered ${status}`),
  ];
}

function ofOrders(ids: readonly string[], wanted: string, { orders }: ShopBooks): string[] {
  const statuses = new Map(orders.map(({ order_id, status }) => [order_id, status]));
  return ids
    .filter((id) => statuses.get(id) !== wanted)
    .map((id) => `the order ${id} should be ${wanted} and is ${statuses.get(id) ?? 'not there'}`);
}

/** Every order that was taken once, and no other. */
function ofErpOrders(taken: readonly string[], { orders }: ErpState): string[] {
  const wanted = new Set(taken);
  const known = new Set(orders.map(({ order_id }) => order_id));
  return [
    ...taken.filter((id) => !known.has(id)).map((id) => `the ERP does not know the order ${id}, which was taken`),
    ...[...known].filter((id) => !wanted.has(id)).map((id) => `the ERP knows the order ${id}, which was not taken`),
  ];
}

function ofStock({ stock }: ShopBooks, erp: ErpState): string[] {
  const levels = new Map(stock.map((level) => [level.sku, level]));
  return Object.entries(erp.stock).flatMap(([sku, quantity]) => {
    const { quantity: known, reserved } = levels.get(sku) ?? { quantity: 'none', reserved: 0 };
    return [
      ...(known === quantity ? [] : [`the ERP has ${quantity} of ${sku}, the shop ${known}`]),
      ...(reserved === 0 ? [] : [`${reserved} of ${sku} stay reserved for nobody`]),
    ];
  });
}
