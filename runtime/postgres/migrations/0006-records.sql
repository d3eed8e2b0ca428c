-- Records in sets, numbers without gaps, code tables.

-- What a sync has done, under the key of the step that asked for it: written in the transaction of the merge, so that a
-- repeat after a crash finds it and changes nothing.
create table millrace.record_sync (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  key          text not null,
  type         text not null,
  report       json not null,
  at           timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, key)
);
create index record_sync_old on millrace.record_sync (tenant_id, at);

-- Where the items of a sync are gathered before they are merged. Not logged: a crash of the server empties it, and the merge
-- counts what it finds. Rows that their sync did not clear away belong to nobody and are cleared by a later one.
create unlogged table millrace.record_staging (
  tenant_id  uuid not null,
  attempt    uuid not null,                  -- one try of one sync
  id         text not null,
  item       bigint not null,                -- place among the items
  data       jsonb,                          -- null: the item is not valid, and its record is not missing either
  expected   integer,                        -- the record is missing: the version it had
  at         timestamptz not null default millrace.now(),
  primary key (attempt, id)
);
create index record_staging_old on millrace.record_staging (tenant_id, at);

create table millrace.number_series (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  name         text not null,
  period       text not null,
  last         bigint not null,
  primary key (tenant_id, environment, name, period)
);

-- Every number with the key that it was drawn for: one key, one number; no number without a key.
create table millrace.number_drawn (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  name         text not null,
  period       text not null,
  number       bigint not null,
  key          text not null,
  who          text not null,
  at           timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, name, period, number),
  unique (tenant_id, environment, name, key)
);

create table millrace.code_table (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  name         text not null,
  title        text not null,
  version      integer not null default 1,   -- raised by every change of its entries: caches go by it
  updated_at   timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, name)
);

create table millrace.code_entry (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  name         text not null,                -- of the table
  key          text not null,
  value        json not null,
  valid_from   date not null default '-infinity',
  valid_to     date not null default 'infinity',  -- the first day on which it no longer holds
  check (valid_from < valid_to),
  primary key (tenant_id, environment, name, key, valid_from),
  foreign key (tenant_id, environment, name) references millrace.code_table on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['record_sync', 'record_staging', 'number_series', 'number_drawn', 'code_table', 'code_entry'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;
-- The planner must know how much was gathered.
grant maintain on millrace.record_staging to millrace_app;
