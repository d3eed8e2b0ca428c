import { type Json, type Problem, writeJson } from '@millrace/contract';
import Type, { type Static, type TSchema } from 'typebox';
import Value from 'typebox/value';

const Text = Type.String({ minLength: 1 });
/** A plain number, or one with more digits than a double holds. */
const Quantity = Type.Union([Type.Number(), Type.Object({ digits: Type.String() })]);

/** `POST /api/v1/orders/import`: a whole order. */
export const ImportedOrder = Type.Object({
  order_id: Text,
  order_date: Text,
  customer_ref: Text,
  line_items: Type.Array(Type.Object({ sku: Text, quantity: Quantity, unit_price: Quantity }), { minItems: 1 }),
});
export type ImportedOrder = Static<typeof ImportedOrder>;

/** `POST /api/v1/inventory/adjust`: what is to be taken from the stock, and for what. */
export const Adjustment = Type.Object({
  reference_id: Text,
  adjustments: Type.Array(Type.Object({ sku: Text, quantity_change: Quantity, warehouse_id: Type.Optional(Text) }), {
    minItems: 1,
  }),
});
export type Adjustment = Static<typeof Adjustment>;

/** What is wrong with a request's body, each with its place. */
export function problemsOf(schema: TSchema, body: Json): Problem[] {
  return [...Value.Errors(schema, body)].map(({ instancePath, message }) => ({
    code: 'INVALID',
    pointer: instancePath,
    message: `${instancePath === '' ? writeJson(body).slice(0, 80) : instancePath} ${message}.`,
  }));
}
