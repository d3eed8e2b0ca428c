/**
 * File names of the exchange: `sales_order_<id>_<stamp>.json` goes out, `ack_sales_order_<id>_<stamp>.json` or
 * `error_sales_order_<id>_<stamp>.json` comes back. `<id>` is the draft order's and may itself hold `_`; the stamp is
 * what follows the last one.
 */
const order = /^sales_order_([A-Za-z0-9._-]+)_([A-Za-z0-9.:+-]+)\.json$/i;
const answer = /^(ack|error)_sales_order_([A-Za-z0-9._-]+)_([A-Za-z0-9.:+-]+)\.json$/i;

export interface OrderName {
  readonly orderId: string;
  readonly stamp: string;
}

export interface AckName extends OrderName {
  readonly kind: 'ack' | 'error';
}

/** What an order file's name says; nothing for other names. */
export function orderNameOf(fileName: string): OrderName | undefined {
  const [, orderId, stamp] = order.exec(fileName) ?? [];
  return orderId === undefined || stamp === undefined ? undefined : { orderId, stamp };
}

/** What an ack file's name says; nothing for other names. */
export function ackNameOf(fileName: string): AckName | undefined {
  const [, kind, orderId, stamp] = answer.exec(fileName) ?? [];
  if (kind === undefined || orderId === undefined || stamp === undefined) return undefined;
  return { kind: kind.toLowerCase() as AckName['kind'], orderId, stamp };
}

const anyAnswer = /^(?:ack|error)_[^/\\\0]*\.json$/i;
const orderAnswer = /^(?:ack|error)_sales_order[^/\\\0]*\.json$/i;

/** Where acks are looked for: a folder beside the orders, and the dropzone itself. */
export const ackFolders = ['ack', ''] as const;

/**
 * Is meant as an ack, well-formed or not. Temporary names (`.tmp`, `.part`, a leading dot) are none. In a folder of
 * acks every `ack_…` and `error_…` is meant; the dropzone itself may hold other people's `error_….json`.
 */
export function isAckFile(folder: (typeof ackFolders)[number], fileName: string): boolean {
  return (folder === 'ack' ? anyAnswer : orderAnswer).test(fileName);
}
