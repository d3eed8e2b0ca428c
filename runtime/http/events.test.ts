import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bus, createBus } from '../engine/bus.ts';
import { type Instance, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let listeners = 0;
let onLeave: (() => void) | undefined;

beforeAll(async () => {
  instance = await startInstance({ bus: countingBus() });
});
afterAll(() => instance?.stop());

function countingBus(): Bus {
  const bus = createBus();
  return {
    ...bus,
    subscribe(listener) {
      listeners++;
      const unsubscribe = bus.subscribe(listener);
      return () => {
        listeners--;
        unsubscribe();
        onLeave?.();
      };
    },
  };
}

/** A stream of events with the key of a tenant; `read` resolves when the text holds what is looked for. */
async function follow(key: string) {
  const leave = new AbortController();
  const response = await fetch(`${instance.url}/api/v1/events`, {
    headers: { 'x-api-key': key },
    signal: leave.signal,
  });
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    leave: () => leave.abort(),
    async read(looked: (text: string) => boolean) {
      while (!looked(text)) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
      return text;
    },
  };
}

const statuses = (text: string, run: string) =>
  [...text.matchAll(/event: run\ndata: (.*)\n\n/g)]
    .map(([, data]) => JSON.parse(data as string))
    .filter(({ runId }) => runId === run)
    .map(({ status }) => status);

test('a run is told from its beginning to its end, to its own tenant alone', async () => {
  const [mine, foreign] = [await follow(instance.keys.acme), await follow(instance.keys.other)];
  expect(mine.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  await instance.call('POST', '/flows', orderFlow());
  await instance.call('POST', '/flows/orders/deploy', {});
  const { runId } = (await instance.call('POST', '/hooks/acme/orders/approved', { id: 'A', qty: 1 })).body;
  const text = await mine.read((seen) => statuses(seen, runId).includes('succeeded'));
  expect(text).toContain('event: flow\ndata: {"flowId":"orders","revision":1}\n\n');
  expect(statuses(text, runId)).toEqual(['running', 'succeeded']);

  // What comes to the other tenant after its own news did not come before it.
  await instance.call('POST', '/flows', orderFlow('theirs'), { 'x-api-key': instance.keys.other });
  const theirs = await foreign.read((seen) => seen.includes('theirs'));
  expect(theirs).not.toContain('orders');
  mine.leave();
  foreign.leave();
});

test('a listener that has left is forgotten', async () => {
  const stream = await follow(instance.keys.acme);
  await stream.read((text) => text.includes('retry'));
  const before = listeners;
  const left = new Promise<void>((resolve) => {
    onLeave = resolve;
  });
  stream.leave();
  await left;
  expect(listeners).toBe(before - 1);
});

test('a server that stops ends its streams at once', async () => {
  const own = await startInstance();
  const response = await fetch(`${own.url}/api/v1/events`, { headers: { 'x-api-key': own.keys.acme } });
  const text = response.text();
  await own.stop();
  expect(await text).toBe('retry: 2000\n\n');
});
