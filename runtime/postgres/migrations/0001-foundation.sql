-- Everything of ours lives in schema "millrace" and carries tenant_id under forced row-level security.
-- Two roles without login (created by migrate.ts, since roles belong to the cluster) are all the application uses:
--   millrace_app   sees the tenants named by the transaction's setting app.tenants, nothing without it
--   millrace_scan  finds work across tenants: due timers, expired leases, webhook routes, watches. No payloads, no secrets.

create schema if not exists millrace;

-- The one clock. Tests replace this function to turn time for rows and code alike (clock.ts).
create function millrace.now() returns timestamptz language sql stable as 'select statement_timestamp()';

create table millrace.tenant (
  id          uuid primary key default uuidv7(),
  slug        text not null unique check (slug ~ '^[a-z][a-z0-9-]{0,62}$'),
  name        text not null,
  time_zone   text not null default 'UTC',
  created_at  timestamptz not null default millrace.now()
);

create table millrace.connection (
  id           uuid primary key default uuidv7(),
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  name         text not null,
  type         text not null,
  config       jsonb not null,               -- without secrets
  secret       bytea,                        -- AES-256-GCM under a data key of its own: nonce, tag, ciphertext
  wrapped_key  bytea,                        -- that data key under the master key named by key_id
  key_id       text,
  created_at   timestamptz not null default millrace.now(),
  updated_at   timestamptz not null default millrace.now(),
  unique (tenant_id, environment, name),
  check ((secret is null) = (wrapped_key is null) and (secret is null) = (key_id is null))
);

create table millrace.flow (
  tenant_id   uuid not null references millrace.tenant,
  id          text not null,
  name        text not null,
  draft       json not null,                 -- a FlowBundle
  revision    integer not null default 1,    -- optimistic lock of the draft
  updated_at  timestamptz not null default millrace.now(),
  primary key (tenant_id, id)
);

create table millrace.flow_version (
  tenant_id   uuid not null references millrace.tenant,
  hash        text not null,                 -- SHA-256 of the canonical document
  flow_id     text not null,
  document    json not null,
  layout      json not null,
  created_at  timestamptz not null default millrace.now(),
  primary key (tenant_id, hash)
);

-- Which version serves where. Routes are derived from it, in the same transaction.
create table millrace.deployment (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  version      text not null,
  parameters   json not null,
  connections  json not null,                -- slot → connection id
  deployed_at  timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, flow_id),
  foreign key (tenant_id, version) references millrace.flow_version (tenant_id, hash)
);

create table millrace.webhook_route (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  method       text not null,
  path         text not null,
  flow_id      text not null,
  node         text not null,
  primary key (tenant_id, environment, method, path),
  foreign key (tenant_id, environment, flow_id) references millrace.deployment on delete cascade
);

-- The run row is the truth; jobs only wake somebody up to look at it. A run that is running without a live lease is
-- ready: whoever looks may take it. One that is waiting has nothing to do until a signal or timer makes it ready.
create table millrace.run (
  id             uuid primary key default uuidv7(),
  tenant_id      uuid not null references millrace.tenant,
  environment    text not null,
  flow_id        text not null,
  version        text not null,
  parameters     json not null,
  connections    json not null,
  trigger_node   text not null,
  trigger        json not null,              -- { payload, meta }
  source         text not null,              -- who or what started it, for people
  status         text not null default 'running'
                 check (status in ('running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  state          json,                       -- RunState of the last commit; null before the first
  wake           integer not null default 0, -- incremented by every signal and timer for the run
  token          integer not null default 1, -- incremented by every take-over: a stale one writes nothing
  lease_holder   text,
  lease_until    timestamptz,
  cancel         boolean not null default false,
  started_at     timestamptz not null default millrace.now(),
  updated_at     timestamptz not null default millrace.now(),
  finished_at    timestamptz,
  error          json,
  output         json,
  foreign key (tenant_id, version) references millrace.flow_version (tenant_id, hash)
);
create index run_recent on millrace.run (tenant_id, id desc);
create index run_by_flow on millrace.run (tenant_id, flow_id, id desc);
create index run_by_status on millrace.run (tenant_id, status, id desc);
create index run_lease on millrace.run (lease_until) where status = 'running';

-- An event id that a trigger has seen: the same id is the same run.
create table millrace.trigger_event (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  node         text not null,
  event_id     text not null,
  run_id       uuid not null references millrace.run on delete cascade,
  primary key (tenant_id, environment, flow_id, node, event_id)
);

create table millrace.step (
  run_id         uuid not null references millrace.run on delete cascade,
  key            text not null,
  tenant_id      uuid not null references millrace.tenant,
  node           text not null,
  seq            bigint generated always as identity,  -- order of first appearance
  status         text not null check (status in ('running', 'waiting', 'retrying', 'done', 'failed')),
  attempts       integer not null,
  started_at     timestamptz not null,
  finished_at    timestamptz,
  port           text,
  input          json,
  output         json,
  error          json,
  next_retry_at  timestamptz,
  primary key (run_id, key)
);

-- Locked, in sorted order, by whoever opens a wait or stores a signal: otherwise each could miss the other.
create table millrace.mailbox (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  channel      text not null,
  key          text not null,
  primary key (tenant_id, environment, channel, key)
);

create table millrace.wait (
  id             uuid primary key default uuidv7(),
  tenant_id      uuid not null references millrace.tenant,
  environment    text not null,
  run_id         uuid not null references millrace.run on delete cascade,
  step           text not null,
  channel        text not null,
  key            text not null,
  state          text not null default 'open' check (state in ('open', 'matched', 'expired', 'cancelled')),
  detail         json not null,
  opened_at      timestamptz not null default millrace.now(),
  due_at         timestamptz,
  expires_at     timestamptz,
  overdue_since  timestamptz,
  closed_at      timestamptz
);
create unique index wait_open on millrace.wait (tenant_id, environment, channel, key) where state = 'open';
create index wait_channel on millrace.wait (channel) where state = 'open';
create index wait_by_key on millrace.wait (tenant_id, environment, channel, key, id);
create index wait_by_run on millrace.wait (run_id);

create table millrace.signal (
  id           uuid primary key default uuidv7(),
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  channel      text not null,
  key          text,
  source       text not null,
  fingerprint  text not null,
  payload      json not null,
  state        text not null
               check (state in ('kept', 'matched', 'accepted', 'rejected', 'duplicate', 'late', 'malformed')),
  reason       text,
  wait_id      uuid references millrace.wait on delete set null,
  run_id       uuid references millrace.run on delete set null,
  received_at  timestamptz not null default millrace.now()
);
create index signal_recent on millrace.signal (tenant_id, id desc);
create index signal_by_key on millrace.signal (tenant_id, environment, channel, key, id);
create index signal_matched on millrace.signal (run_id) where state = 'matched';

create table millrace.timer (
  id         uuid primary key default uuidv7(),
  tenant_id  uuid not null references millrace.tenant,
  run_id     uuid not null references millrace.run on delete cascade,
  step       text not null,
  kind       text not null check (kind in ('retry', 'due', 'expire')),
  due_at     timestamptz not null,
  fired      boolean not null default false  -- the run has been woken for it
);
create index timer_due on millrace.timer (due_at) where not fired;
create index timer_by_run on millrace.timer (run_id);

create table millrace.record_type (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  id           text not null,
  definition   json not null,                -- a RecordType
  updated_at   timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, id)
);

create table millrace.record (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  type         text not null,
  id           text not null,
  data         jsonb not null,
  version      integer not null default 1,
  created_at   timestamptz not null default millrace.now(),
  updated_at   timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, type, id)
);
create index record_newest on millrace.record (tenant_id, environment, type, created_at desc, id);
create index record_fields on millrace.record using gin (data jsonb_path_ops);

create table millrace.record_history (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  type         text not null,
  id           text not null,
  version      integer not null,
  at           timestamptz not null default millrace.now(),
  from_state   text,
  to_state     text,
  who          text not null,
  why          text,
  data         jsonb not null,
  primary key (tenant_id, environment, type, id, version)
);

-- The watch of a connection is held by one process at a time.
create table millrace.watch (
  connection_id  uuid primary key references millrace.connection on delete cascade,
  tenant_id      uuid not null references millrace.tenant,
  holder         text,
  lease_until    timestamptz
);

create table millrace.alert (
  id         uuid primary key default uuidv7(),
  tenant_id  uuid not null references millrace.tenant,
  incident   text not null,                  -- one alert per incident
  code       text not null,
  severity   text not null check (severity in ('warning', 'high')),
  message    text not null,
  run_id     uuid references millrace.run on delete cascade,
  flow_id    text,
  at         timestamptz not null default millrace.now(),
  unique (tenant_id, incident)
);

do $$
declare t text;
begin
  for t in select tablename from pg_tables where schemaname = 'millrace' and tablename not in ('migration', 'tenant') loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
  end loop;
end $$;
alter table millrace.tenant enable row level security, force row level security;
create policy tenant on millrace.tenant to millrace_app
  using (id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));

create policy scan on millrace.tenant        to millrace_scan using (true) with check (true);
create policy scan on millrace.run           to millrace_scan using (true);
create policy scan on millrace.timer         to millrace_scan using (true);
create policy scan on millrace.watch         to millrace_scan using (true);
create policy scan on millrace.wait          to millrace_scan using (true);
create policy scan on millrace.deployment    to millrace_scan using (true);
create policy scan on millrace.webhook_route to millrace_scan using (true);
create policy scan on millrace.connection    to millrace_scan using (true);

grant usage on schema millrace to millrace_app, millrace_scan;
grant select, insert, update, delete on all tables in schema millrace to millrace_app;
revoke insert, update, delete on millrace.tenant from millrace_app;
grant select, insert on millrace.tenant to millrace_scan;
grant select (id, tenant_id, status, wake, lease_until), update (wake, status) on millrace.run to millrace_scan;
grant select, update (fired) on millrace.timer to millrace_scan;
grant select, insert, update on millrace.watch to millrace_scan;
grant select (tenant_id, environment, flow_id, connections) on millrace.deployment to millrace_scan;
grant select (channel, state) on millrace.wait to millrace_scan;
grant select on millrace.webhook_route to millrace_scan;
grant select (id, tenant_id, type, name) on millrace.connection to millrace_scan;
