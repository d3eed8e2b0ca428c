/** Words that mean the same in orders, invoices, customers and the like; the first of each stands for all. */
const synonyms: readonly (readonly string[])[] = [
  ['quantity', 'qty', 'count', 'pieces', 'menge'],
  ['unit', 'uom', 'einheit'],
  ['sku', 'article', 'artikel', 'material', 'product', 'item'],
  ['line', 'row', 'position', 'pos', 'entry', 'detail'],
  ['number', 'no', 'nr', 'num', 'nbr', 'nummer'],
  ['id', 'identifier', 'key', 'guid', 'uuid', 'ref', 'reference'],
  ['customer', 'client', 'buyer', 'cust', 'kunde', 'debtor'],
  ['supplier', 'vendor', 'seller', 'creditor', 'lieferant'],
  ['currency', 'curr', 'ccy', 'waehrung'],
  ['price', 'rate', 'preis'],
  ['amount', 'amt', 'total', 'sum', 'value', 'betrag'],
  ['description', 'desc', 'text', 'bezeichnung', 'label'],
  ['note', 'comment', 'remark', 'memo', 'message'],
  ['name', 'title'],
  ['date', 'day', 'datum'],
  ['time', 'at', 'timestamp'],
  ['delivery', 'ship', 'shipping', 'shipment', 'shipto', 'lieferung'],
  ['billing', 'bill', 'invoice', 'inv', 'rechnung'],
  ['order', 'po', 'purchase', 'bestellung', 'auftrag'],
  ['address', 'addr', 'adresse'],
  ['postcode', 'zip', 'postal', 'plz'],
  ['city', 'town', 'ort'],
  ['street', 'strasse', 'road'],
  ['country', 'land', 'nation'],
  ['phone', 'tel', 'telephone', 'telefon', 'mobile'],
  ['email', 'mail'],
  ['tax', 'vat', 'mwst', 'ust'],
  ['discount', 'rebate', 'rabatt'],
  ['created', 'creation'],
  ['organisation', 'organization', 'org', 'company', 'firm', 'tenant'],
  ['warehouse', 'stock', 'lager', 'depot'],
];

const standsFor = new Map(synonyms.flatMap(([first = '', ...others]) => others.map((word) => [word, first] as const)));
/** Words that tell nothing: two names that share no more than them are not alike. */
const empty = new Set(['the', 'of', 'to', 'for', 'raw', 'data', 'info', 'my']);

/** A pair of trees has some hundred names, each of which is compared with most of the others. */
const known = new Map<string, readonly string[]>();
const mostKnown = 10_000;

/** What a name consists of: `customerSKU_raw` → customer, sku. */
export function wordsOf(name: string): readonly string[] {
  const words = known.get(name) ?? wordsIn(name);
  if (known.size >= mostKnown) known.clear();
  known.set(name, words);
  return words;
}

function wordsIn(name: string): readonly string[] {
  const parts = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d\u00df-\u00ff]+/)
    .filter((word) => word !== '');
  const meaning = parts.map(meaningOf);
  const telling = meaning.filter((word) => !empty.has(word));
  return telling.length > 0 ? telling : meaning;
}

function meaningOf(word: string): string {
  const single = singular(word);
  return standsFor.get(word) ?? standsFor.get(single) ?? single;
}

function singular(word: string): string {
  if (/(ss|us|is)$/.test(word) || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** How alike two names are, from 0 to 1: the share of words that they have in common. */
export function likeness(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const left = [...b];
  let common = 0;
  for (const word of a) {
    const at = left.indexOf(word);
    if (at === -1) continue;
    left.splice(at, 1);
    common++;
  }
  return (2 * common) / (a.length + b.length);
}
