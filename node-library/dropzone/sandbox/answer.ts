import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** An ack as an ERP writes it, in the seed's shape. */
export type Answer =
  | { readonly status: 'ACKED'; readonly erp_order_id: string; readonly processed_at: string }
  | { readonly status: 'FAILED'; readonly error_code: string; readonly message: string; readonly processed_at: string };

export function answerName(answer: Answer, orderId: string, stamp: string): string {
  return `${answer.status === 'ACKED' ? 'ack' : 'error'}_sales_order_${orderId}_${stamp}.json`;
}

/** Writes a file as a careful ERP does: under a temporary name, then renamed. */
export async function lay(root: string, name: string, text: string): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, text);
  // It was whole before it got its name; an age that says so spares the watch a second look.
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(`${path}.tmp`, longAgo, longAgo);
  await rename(`${path}.tmp`, path);
}

export function layAnswer(root: string, answer: Answer, orderId: string, stamp: string): Promise<void> {
  return lay(root, join('ack', answerName(answer, orderId, stamp)), `${JSON.stringify(answer, undefined, 2)}\n`);
}
