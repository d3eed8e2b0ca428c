import { ExactNumber, type Json } from '@millrace/contract';

/** A place that holds an exact number: the list or object, the place in it, and the digits. */
type Exact = readonly [holder: object, place: string | number, digits: string];

/** Data as it goes from thread to thread, where objects keep who they are and lose their class. */
export interface Message {
  /** Holds the data under `data`. */
  readonly root: { data: Json };
  readonly exact: readonly Exact[];
}

export function packed(data: Json): Message {
  const root = { data };
  const exact: Exact[] = [];
  collect(root, exact);
  return { root, exact };
}

export function unpacked({ root, exact }: Message): Json {
  for (const [holder, place, digits] of exact) {
    const value = new ExactNumber(digits);
    // A field may be called `__proto__`.
    Object.defineProperty(holder, place, { value, enumerable: true, configurable: true, writable: true });
  }
  return root.data;
}

function collect(holder: object, exact: Exact[]): void {
  for (const [place, value] of Object.entries(holder))
    if (value instanceof ExactNumber) exact.push([holder, Array.isArray(holder) ? Number(place) : place, value.digits]);
    else if (typeof value === 'object' && value !== null) collect(value, exact);
}
