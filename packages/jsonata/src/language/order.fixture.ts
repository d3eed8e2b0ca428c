import { shapeOfSchema } from './schema-shape.ts';

const text = { type: 'string' };
const number = { type: 'number' };

/** An order as a flow gets it, and what else its expressions see. */
export const order = {
  input: shapeOfSchema({
    type: 'object',
    required: ['id', 'customer', 'lines'],
    properties: {
      id: text,
      'order-date': text,
      note: { type: ['string', 'null'] },
      customer: { $ref: '#/$defs/customer' },
      lines: {
        type: 'array',
        minItems: 1,
        items: { type: 'object', required: ['sku', 'qty'], properties: { sku: text, qty: number, price: number } },
      },
      tags: { type: 'array', items: text },
      free: {},
    },
    $defs: { customer: { type: 'object', required: ['name'], properties: { name: text, vat: text } } },
  }),
  bindings: {
    params: {
      shape: shapeOfSchema({ type: 'object', properties: { limit: number } }),
      summary: 'Parameters of the flow.',
    },
  },
};
