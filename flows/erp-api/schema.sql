-- What the flow expects of the ERP's database; an example to be fitted to the tables that there are.

create table if not exists stock (
  sku text primary key,
  location_id text,
  quantity numeric not null,
  reason text
);

create table web_order (
  order_id text primary key,
  number bigint generated always as identity,
  document json not null,
  taken_at timestamptz not null default now()
);

create table stock_adjustment (
  reference_id text primary key,
  number bigint generated always as identity,
  document json not null,
  taken_at timestamptz not null default now()
);
