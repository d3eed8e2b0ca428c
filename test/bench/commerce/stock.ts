import type pg from 'pg';

/** SKUs are of this many digits, so that they stand in the order of their numbers. */
export const skuOf = (number: number): string => `SKU-${String(number).padStart(9, '0')}`;

export const quantityOf = (number: number): number => number % 1000;

const sku = `'SKU-' || lpad(n::text, 9, '0')`;

/** Stock levels as earlier events of the ERP have left them. */
export async function storeStock(client: pg.Client, records: number): Promise<void> {
  await client.query(
    `insert into millrace.record (tenant_id, environment, type, id, data)
     select tenant.id, 'production', 'stock', ${sku}, jsonb_build_object('sku', ${sku}, 'location_id', null,
       'quantity', n % 1000, 'reserved', n % 3, 'as_of', '2026-01-01T00:00:00.000Z', 'reason', 'STOCK_TAKING')
     from millrace.tenant, generate_series(0, $1::int - 1) as n where tenant.slug = 'bench'`,
    [records],
  );
}

/** The variants that stock belongs to. */
export async function storeVariants(client: pg.Client, records: number): Promise<void> {
  await client.query(
    `insert into millrace.record (tenant_id, environment, type, id, data)
     select tenant.id, 'production', 'variant', ${sku}, '{"product_group_id": "PG-1"}'
     from millrace.tenant, generate_series(0, $1::int - 1) as n where tenant.slug = 'bench'`,
    [records],
  );
}
