import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { quantityOf, skuOf } from './stock.ts';

/** Of so many SKUs the level of one differs from what is stored. */
export const differsEach = 100;
const linesAtOnce = 1000;

/** An ERP that knows so many SKUs, and streams their levels to whoever asks for anything. Answers its base address too. */
export async function startErp(skus: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    Readable.from(snapshot(skus)).pipe(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function* snapshot(skus: number): Generator<string> {
  for (let first = 0; first < skus; first += linesAtOnce) {
    const count = Math.min(linesAtOnce, skus - first);
    const lines = Array.from({ length: count }, (_, offset) => line(first + offset));
    yield `${first === 0 ? '[' : ','}${lines.join(',')}`;
  }
  yield ']';
}

function line(number: number): string {
  const qty = quantityOf(number) + (number % differsEach === 0 ? 1 : 0);
  return JSON.stringify({ sku: skuOf(number), qty });
}
