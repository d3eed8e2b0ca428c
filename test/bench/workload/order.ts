/** One line of an order; prices in the order's currency. */
interface OrderLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly description: string;
  readonly qty: number;
  readonly unit: string;
  readonly unitPrice: number;
  readonly discountPct: number;
  readonly taxPct: number;
  readonly warehouse: string;
}

const address = { zip: '9723 AB', city: 'Groningen', country: 'NL' };

/**
 * The document of the work unit: the same for every system measured, and the same every time. A line takes about 200
 * bytes of JSON.
 */
export function makeOrder(lines: number, id: string) {
  return {
    orderId: id,
    orderDate: '2026-11-20',
    requestedDate: '2026-11-27',
    currency: 'EUR',
    channel: 'webshop',
    customer: {
      id: 'C-20417',
      name: 'Van den Berg Machinebouw B.V.',
      email: 'inkoop@vdberg.example',
      vat: 'NL004495445B01',
    },
    shipTo: { name: 'Magazijn Noord', street: 'Havenweg 12', ...address },
    billTo: { name: 'Crediteuren', street: 'Postbus 88', ...address, zip: '9700 AB' },
    paymentTerms: 'NET30',
    lines: Array.from({ length: lines }, (_, index) => makeLine(index + 1)),
  };
}

function makeLine(lineNo: number): OrderLine {
  return {
    lineNo,
    sku: `SKU-${10_000 + ((lineNo * 7919) % 90_000)}`,
    description: `Widget, type ${lineNo % 97} (steel)`,
    qty: 1 + ((lineNo * 13) % 24),
    unit: lineNo % 3 ? 'PCE' : 'BOX',
    unitPrice: Math.round((5 + ((lineNo * 31.7) % 480)) * 100) / 100,
    discountPct: (lineNo % 5) * 2.5,
    taxPct: lineNo % 4 ? 21 : 9,
    warehouse: `W${lineNo % 4}`,
  };
}
