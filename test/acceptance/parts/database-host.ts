/**
 * The built-in PostgreSQL on another host than its users: it listens on the address given, for that network alone. Prints
 * its address as soon as it takes connections, and stops it on SIGTERM. Arguments: folder of the instance, own address.
 */
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import pg from 'pg';

const [home = '', address = ''] = process.argv.slice(2);
const toldToEnd = once(process, 'SIGTERM');

const first = await startEmbeddedPostgres({ home });
await listenOn(address);
await first.stop();
const server = await startEmbeddedPostgres({ home });
console.log(server.url.replace('127.0.0.1', address));
await toldToEnd;
await server.stop();
rmSync(kept().folder, { recursive: true, force: true });

async function listenOn(address: string): Promise<void> {
  const { folder, password, port } = kept();
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password });
  await client.connect();
  // What is set so goes before the file of settings that is written at each start.
  await client.query(`alter system set listen_addresses = '127.0.0.1, ${address}'`);
  await client.end();
  appendFileSync(join(folder, 'data', 'pg_hba.conf'), `host all all ${address}/24 scram-sha-256\n`);
}

function kept(): { folder: string; password: string; port: number } {
  return JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8'));
}
