-- How connections fare, how many a tenant may have, and what master keys their secrets are under.

alter table millrace.tenant
  add column connection_quota integer not null default 200 check (connection_quota >= 0);
grant update (connection_quota) on millrace.tenant to millrace_app;

-- Until when the secret that was replaced is valid besides the present one; null where there is none, or for good.
alter table millrace.connection add column previous_until timestamptz;
create index connection_previous on millrace.connection (previous_until) where previous_until is not null;

-- How a connection fares now. Apart from the connection: what is served need not be read anew whenever this changes.
create table millrace.connection_health (
  connection_id  uuid primary key references millrace.connection on delete cascade,
  tenant_id      uuid not null references millrace.tenant,
  ok             boolean not null,
  since          timestamptz not null default millrace.now(),
  last_ok_at     timestamptz,
  category       text,                       -- of the error, where it is not ok
  code           text,
  message        text
);

-- What there was: each test, and of uses those that failed and the first that worked again. Uses that fail alike one after
-- the other are one event. Of each connection the newest are kept.
create table millrace.connection_event (
  id             uuid primary key default uuidv7(),
  connection_id  uuid not null references millrace.connection on delete cascade,
  tenant_id      uuid not null references millrace.tenant,
  kind           text not null check (kind in ('test', 'use')),
  ok             boolean not null,
  code           text,
  message        text not null,
  times          integer not null default 1,
  first_at       timestamptz not null default millrace.now(),
  last_at        timestamptz not null default millrace.now()
);
create index connection_event_newest on millrace.connection_event (connection_id, id desc);

do $$
declare t text;
begin
  foreach t in array array['connection_health', 'connection_event'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;

-- Across tenants it is found under which keys something is sealed, and of which tenant; nothing of what it is.
create policy scan on millrace.alert_channel to millrace_scan using (true);
grant select (key_id, previous_until) on millrace.connection to millrace_scan;
grant select (tenant_id, key_id) on millrace.alert_channel to millrace_scan;
