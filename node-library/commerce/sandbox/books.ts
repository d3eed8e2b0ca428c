import { exact, type Json, type JsonObject } from '@millrace/contract';
import Big from 'big.js';
import type { Adjustment, ImportedOrder } from './requests.ts';

/** What the ERP did with an order or adjustment, and how often it was asked to. */
interface Entry {
  readonly body: ImportedOrder | Adjustment;
  readonly erp_order_id: string;
  asked: number;
}

/** A stock level that has changed, and by what. */
export interface StockChange {
  readonly sku: string;
  readonly quantity: Json;
  readonly reason: string;
}

interface Movement {
  readonly sku: string;
  readonly change: Big;
}

/**
 * The ERP's own books: stock per SKU and orders by their id. Every order and every adjustment has its effect once, however
 * often it comes. Until a first stock level is set, every SKU is known.
 */
export class Books {
  readonly #stock = new Map<string, Big>();
  /** In the order in which they had their effect. */
  readonly #orders = new Map<string, Entry>();
  readonly #adjustments = new Map<string, Entry>();
  readonly #told: (change: StockChange) => void;

  /** @param told hears of every change of a stock level */
  constructor(told: (change: StockChange) => void) {
    this.#told = told;
  }

  setStock(sku: string, quantity: string, reason: string): void {
    this.#set(sku, new Big(quantity), reason);
  }

  /** SKUs that are not in the books, where the books know any at all. */
  unknown(skus: readonly string[]): string[] {
    return this.#stock.size === 0 ? [] : skus.filter((sku) => !this.#stock.has(sku));
  }

  import(order: ImportedOrder): { known: boolean; erp_order_id: string } {
    const movements = order.line_items.map(({ sku, quantity }) => ({ sku, change: bigOf(quantity).neg() }));
    return this.#enter(this.#orders, order.order_id, order, movements, 'ONLINE_SALE');
  }

  adjust(adjustment: Adjustment): { known: boolean; erp_order_id: string } {
    const movements = adjustment.adjustments.map(({ sku, quantity_change: change }) => ({
      sku,
      change: bigOf(change),
    }));
    return this.#enter(this.#adjustments, adjustment.reference_id, adjustment, movements, 'RESERVATION');
  }

  *snapshot(): Iterable<{ sku: string; qty: Json }> {
    for (const [sku, quantity] of this.#stock) yield { sku, qty: exact(quantity.toFixed()) };
  }

  /** `{ stock: { <sku>: quantity }, orders: [body with erp_order_id and asked], adjustments: [likewise] }`, oldest first. */
  state(): JsonObject {
    return {
      stock: Object.fromEntries([...this.snapshot()].map(({ sku, qty }) => [sku, qty])),
      orders: entriesIn(this.#orders),
      adjustments: entriesIn(this.#adjustments),
    };
  }

  #enter(
    entries: Map<string, Entry>,
    id: string,
    body: Entry['body'],
    movements: readonly Movement[],
    reason: string,
  ): { known: boolean; erp_order_id: string } {
    const known = entries.get(id);
    if (known) {
      known.asked++;
      return { known: true, erp_order_id: known.erp_order_id };
    }
    const erp_order_id = `SO-${String(entries.size + 1).padStart(6, '0')}`;
    entries.set(id, { body, erp_order_id, asked: 1 });
    for (const { sku, change } of movements) this.#set(sku, (this.#stock.get(sku) ?? new Big(0)).plus(change), reason);
    return { known: false, erp_order_id };
  }

  #set(sku: string, quantity: Big, reason: string): void {
    this.#stock.set(sku, quantity);
    this.#told({ sku, quantity: exact(quantity.toFixed()), reason });
  }
}

function bigOf(quantity: unknown): Big {
  return new Big(String(quantity));
}

function entriesIn(entries: ReadonlyMap<string, Entry>): Json {
  return [...entries.values()].map(({ body, ...rest }) => ({ ...(body as unknown as JsonObject), ...rest }));
}
