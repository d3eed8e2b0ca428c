/**
 * The sandbox ERP in a process of its own, whose books know nothing of what becomes of Millrace. `POST /` on the port that is
 * its only argument has it act; `GET /` tells how to reach it, and its books.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type JsonObject, readJson, writeJson } from '@millrace/contract';
import { erpSandbox } from '@millrace/pack-commerce/script';

const noDatabase = () => Promise.reject(new Error('The ERP of this sandbox has none.'));
const sandbox = await erpSandbox({ folder: '', now: () => new Date(), database: noDatabase }, 'bearer');

createServer((request, response) => void answer(request, response)).listen(Number(process.argv[2]), '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') await sandbox.act(readJson(await text(request)) as JsonObject);
  response.end(writeJson({ config: sandbox.config, ...((await sandbox.state()) as JsonObject) }));
}
