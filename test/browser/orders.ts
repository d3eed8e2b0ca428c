import { randomUUID } from 'node:crypto';

/** An order that fits, of its own. */
function order(changes: Record<string, unknown> = {}) {
  return {
    draft_order_id: randomUUID(),
    approved_at: '2026-02-03T10:00:00Z',
    customer: { id: randomUUID(), erp_customer_number: 'CUST-4711', name: 'Muster GmbH' },
    header: { external_order_number: 'PO-1', order_date: '2026-02-03', currency: 'EUR' },
    lines: [{ line_no: 1, internal_sku: 'SKU-ABC', qty: 10, uom: 'PCE', unit_price: 10.5 }],
    meta: { created_by: 'operator@acme.example' },
    ...changes,
  };
}

/** An order with five mistakes, and where they are. */
export function wrongOrder() {
  const mistakes = ['/approved_at', '/draft_order_id', '/header/currency', '/lines/0/qty', '/lines/0/unit_price'];
  const wrong = order({
    draft_order_id: 'A-1',
    approved_at: 'yesterday',
    header: { external_order_number: 'PO-1', order_date: '2026-02-03', currency: 'euro' },
    lines: [{ line_no: 1, internal_sku: 'SKU-ABC', qty: 0, uom: 'PCE', unit_price: -1 }],
  });
  return { wrong, mistakes };
}
