import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, type Json, type JsonObject } from '@millrace/contract';
import { type Answer, answerName, layAnswer } from './answer.ts';
import { lyingSinceMs, type OrderFile, orderDocument, ordersIn, unreadOrders } from './orders.ts';

const pollMs = 250;

export interface SandboxErpOptions {
  /** The dropzone's folder. */
  readonly folder: string;
  /** How long an order lies there before it is answered, in milliseconds. */
  readonly answerAfterMs: number;
  log(message: string): void;
}

/**
 * A small ERP for demonstrations: it takes orders from `out/` or the folder itself, answers each with an ack file and
 * moves it to `archive/`. An order for a customer it does not know (`CUST-0000`, or none) is refused.
 */
export function startSandboxErp(options: SandboxErpOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const ended = serve(options, stopping.signal);
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

async function serve(options: SandboxErpOptions, signal: AbortSignal): Promise<void> {
  const book = await openBook(options.folder);
  while (!signal.aborted) {
    await answerDueOrders(options, book).catch((error) => options.log(`The sandbox ERP cannot go on: ${error}`));
    await pause(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function answerDueOrders({ folder, answerAfterMs, log }: SandboxErpOptions, book: Book): Promise<void> {
  for (const order of await unreadOrders(folder)) {
    if ((await lyingSinceMs(folder, order)) < answerAfterMs) continue;
    const answer = answerTo(await orderDocument(folder, order), order, book);
    // Answered before it is moved: should the ERP die in between, it answers again under the same name.
    await layAnswer(folder, answer, order.orderId, order.stamp);
    await archive(folder, order);
    log(`${order.name} → ${answerName(answer, order.orderId, order.stamp)}`);
  }
}

async function archive(root: string, { folder, name }: OrderFile): Promise<void> {
  await mkdir(join(root, 'archive'), { recursive: true });
  await rename(join(root, folder, name), join(root, 'archive', name));
}

/** Sales orders by draft order id, so that an order delivered twice is booked once. */
interface Book {
  readonly numbers: Map<string, string>;
  next: number;
}

async function openBook(folder: string): Promise<Book> {
  return { numbers: new Map(), next: (await ordersIn(folder, 'archive')).length + 1 };
}

function bookedNumber(book: Book, orderId: string, year: number): string {
  const known = book.numbers.get(orderId);
  if (known !== undefined) return known;
  const number = `SO-${year}-${String(book.next++).padStart(6, '0')}`;
  book.numbers.set(orderId, number);
  return number;
}

function answerTo(document: Json | undefined, { orderId }: OrderFile, book: Book): Answer {
  const now = new Date();
  const processed_at = now.toISOString();
  const refusal = refusalOf(document, orderId);
  if (refusal !== undefined) return { status: 'FAILED', ...refusal, processed_at };
  return { status: 'ACKED', erp_order_id: bookedNumber(book, orderId, now.getUTCFullYear()), processed_at };
}

function refusalOf(document: Json | undefined, orderId: string): { error_code: string; message: string } | undefined {
  if (!isObject(document)) return { error_code: 'INVALID_DOCUMENT', message: 'The file is not a JSON object' };
  if (document.draft_order_id !== orderId) {
    return { error_code: 'INVALID_DOCUMENT', message: 'The file’s name and its draft_order_id differ' };
  }
  const number = customerNumber(document);
  if (!/^(CUST-)?0*$/.test(number)) return undefined;
  return { error_code: 'INVALID_CUSTOMER', message: `Customer ${number || '(none)'} not found` };
}

function customerNumber({ customer }: JsonObject): string {
  const number = isObject(customer) ? customer.erp_customer_number : undefined;
  return typeof number === 'string' ? number : '';
}
