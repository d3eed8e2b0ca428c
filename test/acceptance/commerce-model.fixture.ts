/** What the commerce templates make of the events of one product, said in a few lines; nothing of them is used here. */
import fc from 'fast-check';
import type { ErpEvent } from './commerce.fixture.ts';

interface Variant {
  readonly price: number;
  readonly is_active: boolean;
}

interface Stock {
  readonly quantity: number;
  /** Milliseconds; 0 where no total came. */
  readonly asOf: number;
}

/** What is known of a product. */
export interface Model {
  asOf: number;
  readonly variants: Map<string, Variant>;
  readonly stocks: Map<string, Stock>;
}

/** One event before it has ids and times: SKUs are numbers within the product, `ago` is milliseconds before now. */
export type Plan =
  | { readonly kind: 'catalogue'; readonly ago: number; readonly active: boolean; readonly variants: readonly Offer[] }
  | { readonly kind: 'total' | 'change'; readonly ago: number; readonly sku: number; readonly quantity: number };
interface Offer {
  readonly sku: number;
  readonly cents: number;
  readonly stock: number;
}

const ago = fc.integer({ min: 0, max: 3_600_000 });
const sku = fc.integer({ min: 1, max: 4 });
const offers = fc.uniqueArray(
  fc.record({ sku, cents: fc.integer({ min: 0, max: 9_999_999 }), stock: fc.integer({ min: 0, max: 100 }) }),
  { selector: (offer) => offer.sku, minLength: 1, maxLength: 4 },
);

export const plan: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({ kind: fc.constant('catalogue' as const), ago, active: fc.boolean(), variants: offers }),
  fc.record({ kind: fc.constant('total' as const), ago, sku, quantity: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('change' as const), ago, sku, quantity: fc.integer({ min: -5, max: 5 }) }),
);

const skuOf = (group: string, sku: number) => `${group}-${sku}`;

/** The plan as an event of the product. */
export function eventOf(plan: Plan, group: string, id: string, now: number): ErpEvent {
  const head = { event_id: id, timestamp: new Date(now - plan.ago).toISOString() };
  if (plan.kind === 'catalogue') return { ...head, event_type: 'catalog.update', data: productOf(plan, group) };
  const quantity = plan.kind === 'total' ? { new_quantity: plan.quantity } : { quantity_change: plan.quantity };
  return { ...head, event_type: 'inventory.change', data: { sku: skuOf(group, plan.sku), ...quantity } };
}

function productOf({ active, variants }: Extract<Plan, { kind: 'catalogue' }>, group: string): object {
  return {
    product_group_id: group,
    group_name: group,
    description: '<p/>',
    category_hierarchy: ['Things'],
    tax_hsn: '1',
    is_active: active,
    variants: variants.map(({ sku, cents, stock }) => ({
      sku: skuOf(group, sku),
      display_name: `Thing ${sku}`,
      price: cents / 100,
      stock_quantity: stock,
      attributes: {},
      media: [{ url: 'http://127.0.0.1:1/none.png' }],
    })),
  };
}

export function emptyModel(): Model {
  return { asOf: Number.NEGATIVE_INFINITY, variants: new Map(), stocks: new Map() };
}

/** The event comes. */
export function apply(model: Model, plan: Plan, group: string, now: number): void {
  const at = now - plan.ago;
  if (plan.kind === 'catalogue') applyCatalogue(model, plan, group, at);
  else applyChange(model, plan, group, at);
}

function applyChange(model: Model, plan: Exclude<Plan, { kind: 'catalogue' }>, group: string, at: number): void {
  const id = skuOf(group, plan.sku);
  const { quantity, asOf } = model.stocks.get(id) ?? { quantity: 0, asOf: 0 };
  if (plan.kind === 'change') model.stocks.set(id, { quantity: quantity + plan.quantity, asOf });
  else if (at >= asOf) model.stocks.set(id, { quantity: plan.quantity, asOf: at });
}

function applyCatalogue(
  model: Model,
  { active, variants }: Extract<Plan, { kind: 'catalogue' }>,
  group: string,
  at: number,
): void {
  if (at < model.asOf) return;
  model.asOf = at;
  for (const [id, variant] of model.variants) model.variants.set(id, { ...variant, is_active: false });
  for (const { sku, cents, stock } of variants) {
    const id = skuOf(group, sku);
    model.variants.set(id, { price: cents / 100, is_active: active });
    if (at >= (model.stocks.get(id)?.asOf ?? 0)) model.stocks.set(id, { quantity: stock, asOf: at });
  }
}
