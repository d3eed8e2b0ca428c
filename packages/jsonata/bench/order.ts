/*
 * The work unit of the house's benchmarks: an order, the mapping to an ERP document, and the same by hand. It is here,
 * where no other package is needed; whoever measures more takes it from here, so that figures stay comparable.
 */

export interface Order {
  readonly orderId: string;
  readonly orderDate: string;
  readonly requestedDate: string;
  readonly currency: string;
  readonly channel: string;
  readonly customer: Readonly<Record<'id' | 'name' | 'email' | 'vat', string>>;
  readonly shipTo: Address;
  readonly billTo: Address;
  readonly paymentTerms: string;
  readonly lines: readonly Line[];
}

type Address = Readonly<Record<'name' | 'street' | 'zip' | 'city' | 'country', string>>;

/** Prices in the order's currency. */
interface Line {
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

const town = { zip: '9723 AB', city: 'Groningen', country: 'NL' };

/** The same for every system measured, and the same every time. A line takes about 200 bytes of JSON. */
export function makeOrder(lines: number, orderId = 'O-1'): Order {
  return {
    orderId,
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
    shipTo: { name: 'Magazijn Noord', street: 'Havenweg 12', ...town },
    billTo: { name: 'Crediteuren', street: 'Postbus 88', ...town, zip: '9700 AB' },
    paymentTerms: 'NET30',
    lines: Array.from({ length: lines }, (_, index) => makeLine(index + 1)),
  };
}

function makeLine(lineNo: number): Line {
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

/** Thirteen fields of the header, fifteen of each line. */
export const orderMapping = `(
  $head := $;
  $rows := lines.(
    $gross := qty * unitPrice;
    $disc := $round($gross * discountPct / 100, 2);
    $net := $round($gross - $disc, 2);
    $tax := $round($net * taxPct / 100, 2);
    {
      "DocRef": $head.orderId,
      "LineKey": $head.orderId & "/" & $string(lineNo),
      "LineNumber": lineNo,
      "ItemNumber": $substringAfter(sku, "-"),
      "ItemText": $uppercase($substring(description, 0, 30)),
      "Quantity": qty,
      "Uom": unit = "PCE" ? "EA" : unit,
      "UnitPrice": unitPrice,
      "GrossAmount": $round($gross, 2),
      "DiscountAmount": $disc,
      "NetAmount": $net,
      "TaxRate": taxPct / 100,
      "TaxAmount": $tax,
      "LineTotal": $net + $tax,
      "Plant": "NL-" & warehouse
    });
  {
    "Header": {
      "DocType": "ORDERS", "DocRef": orderId,
      "DocDate": $replace(orderDate, "-", ""), "DeliveryDate": $replace(requestedDate, "-", ""),
      "Currency": currency, "SoldTo": customer.id, "SoldToName": customer.name, "TaxId": customer.vat,
      "ShipTo": shipTo.(name & ", " & street & ", " & zip & " " & city & ", " & country),
      "Terms": paymentTerms, "LineCount": $count($rows),
      "NetTotal": $round($sum($rows.NetAmount), 2), "TaxTotal": $round($sum($rows.TaxAmount), 2)
    },
    "Lines": $rows
  }
)`;

export function mapOrder(order: Order): unknown {
  const rows = order.lines.map((line) => mapLine(order, line));
  const { name, street, zip, city, country } = order.shipTo;
  return {
    Header: {
      DocType: 'ORDERS',
      DocRef: order.orderId,
      DocDate: order.orderDate.replace(/-/g, ''),
      DeliveryDate: order.requestedDate.replace(/-/g, ''),
      Currency: order.currency,
      SoldTo: order.customer.id,
      SoldToName: order.customer.name,
      TaxId: order.customer.vat,
      ShipTo: `${name}, ${street}, ${zip} ${city}, ${country}`,
      Terms: order.paymentTerms,
      LineCount: rows.length,
      NetTotal: cents(rows.reduce((sum, { NetAmount }) => sum + NetAmount, 0)),
      TaxTotal: cents(rows.reduce((sum, { TaxAmount }) => sum + TaxAmount, 0)),
    },
    Lines: rows,
  };
}

function mapLine({ orderId }: Order, line: Line) {
  const gross = line.qty * line.unitPrice;
  const discount = cents((gross * line.discountPct) / 100);
  const net = cents(gross - discount);
  const tax = cents((net * line.taxPct) / 100);
  return {
    DocRef: orderId,
    LineKey: `${orderId}/${line.lineNo}`,
    LineNumber: line.lineNo,
    ItemNumber: line.sku.slice(line.sku.indexOf('-') + 1),
    ItemText: line.description.slice(0, 30).toUpperCase(),
    Quantity: line.qty,
    Uom: line.unit === 'PCE' ? 'EA' : line.unit,
    UnitPrice: line.unitPrice,
    GrossAmount: cents(gross),
    DiscountAmount: discount,
    NetAmount: net,
    TaxRate: line.taxPct / 100,
    TaxAmount: tax,
    LineTotal: net + tax,
    Plant: `NL-${line.warehouse}`,
  };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
