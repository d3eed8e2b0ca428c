/** A real database with the tables of the examples. Tests only. */
import { createDatabase } from '@millrace/testing';
import pg from 'pg';
import type { PostgresConfig } from './config.ts';

const tables = `
  create table orders (id bigint primary key, customer text not null, total numeric not null, state text not null,
    placed_at timestamptz not null default '2026-03-01T08:00:00Z');
  create table order_lines (order_id bigint not null references orders, sku text not null);
  create table stock_changes (change_id bigint primary key, sku text not null, quantity integer not null,
    changed_at timestamptz not null default '2026-03-01T08:00:00Z');
  create table millrace_once (key text primary key, result json not null, at timestamptz default now());
  insert into orders values (1, 'O''Brien', 250.50, 'OPEN'), (2, 'O''Brien', 10, 'DONE'), (3, 'Vinhuset', 20, 'OPEN')`;

export async function startDatabase() {
  const { url, drop } = await createDatabase();
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query(tables);
  const { hostname, port, pathname, username, password } = new URL(url);
  const config: PostgresConfig = {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    encryption: 'none',
  };
  return {
    config,
    admin,
    async stop() {
      await admin.end();
      await drop();
    },
  };
}
