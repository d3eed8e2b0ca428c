/** Data of a small shop for everything but the order mapping. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly price: number;
  readonly stock: number;
}
export interface Sale {
  readonly id: number;
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly amount: number }[];
}
export interface Shop {
  readonly products: readonly Product[];
  readonly sales: readonly Sale[];
  readonly customers: readonly { readonly id: string; readonly name: string }[];
}

export function makeShop(): Shop {
  return {
    products: many(1000, (index) => ({
      sku: `P-${1000 + index}`,
      name: `Widget no ${index} (type ${index % 7})`,
      category: `C${index % 12}`,
      price: ((index * 7919) % 20_000) / 100,
      stock: (index * 31) % 90,
    })),
    sales: many(200, (index) => ({
      id: index,
      customer: `K${index % 50}`,
      lines: many(10, (line) => ({ sku: `P-${1000 + line}`, amount: (index * line) % 97 })),
    })),
    customers: many(50, (index) => ({ id: `K${index}`, name: `Customer ${index}` })),
  };
}

export function makeNumbers(count: number): { readonly values: readonly number[] } {
  return { values: many(count, (index) => (index * 7_919_993) % 1_000_003) };
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
