import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface DatabaseOptions {
  /** Brings an empty database into the wished state; its work is done once a run and copied from then on. */
  readonly prepare?: (url: string) => Promise<void>;
  /** Name of what `prepare` makes: test files that give the same name share it. */
  readonly template?: string;
}

export interface TestDatabase {
  readonly url: string;
  /** Deletes the database; fails where a connection to it is still open after five seconds, because that is a leak. */
  drop(): Promise<void>;
}

/** A fresh database in the run's PostgreSQL, for one test file (or one test). */
export async function createDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const { prepare, template = 'prepared' } = options;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(async (client) => {
    const source = prepare ? await ensureTemplate(client, template, prepare) : 'template1';
    await client.query(`create database ${name} template ${source}`);
  });
  return { url: urlOf(name), drop: () => onServer((client) => dropDatabase(client, name)) };
}

async function ensureTemplate(
  client: pg.Client,
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<string> {
  const ready = pg.escapeIdentifier(`template_${name}`);
  // Test files run in processes of their own: one makes the template, the others wait for it.
  await client.query('select pg_advisory_lock(hashtext($1))', [ready]);
  const { rowCount } = await client.query('select from pg_database where datname = $1', [`template_${name}`]);
  if (!rowCount) await makeTemplate(client, ready, prepare);
  await client.query('select pg_advisory_unlock(hashtext($1))', [ready]);
  return ready;
}

/** It gets its name when it is complete, so that a failed preparation is not taken for a template. */
async function makeTemplate(client: pg.Client, ready: string, prepare: (url: string) => Promise<void>): Promise<void> {
  const unfinished = `preparing_${randomUUID().replaceAll('-', '')}`;
  await client.query(`create database ${unfinished}`);
  await prepare(urlOf(unfinished));
  await client.query(`alter database ${unfinished} rename to ${ready}`);
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database ${name}`);
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.href;
}
