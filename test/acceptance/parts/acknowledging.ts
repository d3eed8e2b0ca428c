import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';
import { acknowledge } from './orders.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';

/** A receiver that acknowledges each order once, some time after it has first come. */
export interface AcknowledgingReceiver extends Receiver {
  /** What became of the acknowledgements, of each order that has come. */
  acknowledgements(): Promise<readonly string[]>;
}

export interface AcknowledgingOptions extends Pick<ReceiverOptions, 'file' | 'host'> {
  /** Milliseconds until it answers. */
  readonly answerAfterMs?: () => number;
  /** Milliseconds from the arrival to the acknowledgement. */
  readonly acknowledgeAfterMs?: () => number;
}

export async function startAcknowledgingReceiver(
  api: Api,
  { answerAfterMs = () => 0, acknowledgeAfterMs = () => 0, ...options }: AcknowledgingOptions,
): Promise<AcknowledgingReceiver> {
  const acks = new Map<string, Promise<string>>();
  const later = async (order: string): Promise<string> => {
    await sleep(acknowledgeAfterMs());
    return acknowledge(api, order);
  };
  const receiver = await startReceiver({
    ...options,
    answerAfterMs,
    onArrival: ({ order }) => acks.set(order, acks.get(order) ?? later(order)),
  });
  return { ...receiver, acknowledgements: () => Promise.all(acks.values()) };
}
