import { expect, test } from 'vitest';
import { eventsOf, type StreamEvent } from './event-stream.ts';

async function read(...chunks: string[]): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(new Blob(chunks).stream())) events.push(event);
  return events;
}

test('messages are read with their names, and heartbeats are passed over', async () => {
  expect(await read(': ping\n\nevent: run\ndata: {"runId":"1"}\n\n', 'event: flow\ndata: {}\n\n')).toEqual([
    { event: 'run', data: '{"runId":"1"}' },
    { event: 'flow', data: '{}' },
  ]);
});

test('a message cut in the middle by the network is put together', async () => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of ['event: r', 'un\r\nda', 'ta: a\r\ndata: b\r\n\r', '\n'])
        controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(body)) events.push(event);
  expect(events).toEqual([{ event: 'run', data: 'a\nb' }]);
});

test('a message that never ended is not delivered', async () => {
  expect(await read('event: run\ndata: half')).toEqual([]);
});
