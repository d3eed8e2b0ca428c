-- What deployments make happen by itself: schedules, polled sources, subscriptions to events. All rows are derived from
-- the deployment in its own transaction and go with it; nothing of it is remembered in a process.

create table millrace.schedule (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  node         text not null,
  rule         jsonb not null,               -- { cron } or { rrule }
  time_zone    text not null,
  missed       text not null check (missed in ('skip', 'once', 'all')),
  overlap      text not null check (overlap in ('skip', 'start')),
  payload      json not null,
  next_at      timestamptz,                  -- null: the rule has no more times
  last_at      timestamptz,                  -- the time for which a run was started last
  last_run     uuid references millrace.run on delete set null,
  left_out_at  timestamptz,                  -- the last time that was left out: missed, or overlapped by the run before
  primary key (tenant_id, environment, flow_id, node),
  foreign key (tenant_id, environment, flow_id) references millrace.deployment on delete cascade
);
create index schedule_due on millrace.schedule (next_at) where next_at is not null;
create index schedule_last_run on millrace.schedule (last_run) where last_run is not null;

-- A source is polled by the one process that holds its lease. Every claim raises the token: what an earlier claim still
-- writes is refused.
create table millrace.source (
  tenant_id       uuid not null references millrace.tenant,
  environment     text not null,
  flow_id         text not null,
  node            text not null,
  type            text not null,             -- of the trigger; with the connection it says what the cursor is of
  connection      text,
  every_ms        bigint not null,
  cursor          json,
  holder          text,
  lease_until     timestamptz,
  token           integer not null default 0,
  next_poll_at    timestamptz default millrace.now(),  -- null: it is being polled
  asked           boolean not null default false,      -- to be polled again at once, when the present poll is over
  last_polled_at  timestamptz,
  failures        integer not null default 0,          -- in a row
  failing_since   timestamptz,
  last_error      json,
  primary key (tenant_id, environment, flow_id, node),
  foreign key (tenant_id, environment, flow_id) references millrace.deployment on delete cascade
);
create index source_due on millrace.source (next_poll_at) where next_poll_at is not null;
create index source_polling on millrace.source (lease_until) where next_poll_at is null;

create table millrace.event_subscription (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  node         text not null,
  topic        text not null,
  primary key (tenant_id, environment, flow_id, node),
  foreign key (tenant_id, environment, flow_id) references millrace.deployment on delete cascade
);
create index event_subscription_topic on millrace.event_subscription (tenant_id, environment, topic);

do $$
declare t text;
begin
  foreach t in array array['schedule', 'source', 'event_subscription'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;

-- Across tenants, what is due is found, and a source's lease is taken; no payload, no cursor, no error is read there.
create policy scan on millrace.schedule to millrace_scan using (true);
create policy scan on millrace.source   to millrace_scan using (true);
grant select (tenant_id, environment, flow_id, next_at) on millrace.schedule to millrace_scan;
grant select (tenant_id, environment, flow_id, node, holder, lease_until, token, next_poll_at),
  update (holder, lease_until, token, next_poll_at, asked) on millrace.source to millrace_scan;
grant select (paused_at) on millrace.deployment to millrace_scan;
