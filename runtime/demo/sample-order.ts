import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@millrace/contract';

/** A small approved order with an id of its own, approved now. */
export function sampleOrder(): JsonObject {
  const now = new Date();
  return {
    draft_order_id: randomUUID(),
    approved_at: `${now.toISOString().slice(0, 19)}Z`,
    customer: { id: randomUUID(), erp_customer_number: 'CUST-4711', name: 'Muster GmbH' },
    header: { external_order_number: 'PO-12345', order_date: now.toISOString().slice(0, 10), currency: 'EUR' },
    lines: [
      { line_no: 1, internal_sku: 'SKU-ABC', qty: 100, uom: 'PCE', unit_price: 10.5 },
      { line_no: 2, internal_sku: 'SKU-DEF', qty: 2.25, uom: 'KGM', unit_price: 129.99 },
    ],
    meta: { created_by: 'operator@acme.example' },
  };
}
