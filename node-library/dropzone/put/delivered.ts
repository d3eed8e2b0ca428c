import { type FileExchange, within } from '@millrace/file-exchange';
import { ackFolders, ackNameOf, orderNameOf } from '../ack/file-names.ts';

/**
 * Whether the other system already has the file: it moved it into `archive/`, or answered it with an ack of the same
 * order and stamp. Asked before a repeat, so that an order which was taken is not laid out a second time.
 */
export async function wasDelivered(dropzone: FileExchange, fileName: string): Promise<boolean> {
  if ((await dropzone.look(within('archive', fileName))) !== undefined) return true;
  const order = orderNameOf(fileName);
  if (!order) return false;
  for (const folder of [...ackFolders, 'archive']) {
    const entries = (await dropzone.list(folder)) ?? [];
    if (entries.some(({ name }) => answers(name, order))) return true;
  }
  return false;
}

function answers(name: string, order: { orderId: string; stamp: string }): boolean {
  const ack = ackNameOf(name);
  return ack?.orderId === order.orderId && ack.stamp === order.stamp;
}
