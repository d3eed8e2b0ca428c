-- History with retention, and alerts that reach people.

-- How long a flow's finished runs are kept; how long each class is, the instance's settings say.
alter table millrace.deployment
  add column retention text not null default 'normal' check (retention in ('short', 'normal', 'long'));

-- What outlives the run that it is about, or is moved apart from it, names it only.
alter table millrace.trigger_event drop constraint trigger_event_run_id_fkey;
alter table millrace.run_answer    drop constraint run_answer_run_id_fkey;
alter table millrace.schedule      drop constraint schedule_last_run_fkey;
alter table millrace.signal        drop constraint signal_run_id_fkey, drop constraint signal_wait_id_fkey;
alter table millrace.alert         drop constraint alert_run_id_fkey;

-- Rows of these come in the order of time, so that the smallest of indexes finds the old ones.
alter table millrace.trigger_event add column at timestamptz not null default millrace.now();
alter table millrace.run_answer    add column at timestamptz not null default millrace.now();
create index trigger_event_old on millrace.trigger_event using brin (at);
create index run_answer_old on millrace.run_answer using brin (at);
create index signal_old on millrace.signal using brin (received_at);

create index run_ended on millrace.run (finished_at) where finished_at is not null;
drop index millrace.signal_matched;
create index signal_of_run on millrace.signal (run_id) where run_id is not null;
create index step_failed on millrace.step (tenant_id, finished_at) where error is not null;

-- What a mailbox remembers of a wait that went into the archive: that it was there, what it was about, and what came for
-- it. So a signal that comes again is told from one that comes early, for as long as event ids are remembered.
create table millrace.mailbox (
  tenant_id     uuid not null references millrace.tenant,
  environment   text not null,
  channel       text not null,
  key           text not null,
  wait_id       uuid not null,
  detail        json not null,
  fingerprints  text[] not null,
  at            timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, channel, key, wait_id)
);
create index mailbox_old on millrace.mailbox using brin (at);

-- The archive: what the live tables hold of a run once it is over, without what only an engine needs. Parted by class of
-- retention, then by the day, week or month in which the run finished, so that forgetting is a DROP.
create table millrace.archived_run (
  retention     text not null,
  id            uuid not null,
  tenant_id     uuid not null,
  environment   text not null,
  flow_id       text not null,
  version       text not null,
  parameters    json not null,
  connections   json not null,
  trigger_node  text not null,
  trigger       json not null,
  source        text not null,
  status        text not null,
  origin        uuid,
  generation    integer not null,
  parent        uuid,
  started_at    timestamptz not null,
  finished_at   timestamptz not null,
  error         json,
  output        json
) partition by list (retention);
create index on millrace.archived_run (tenant_id, id desc);
create index on millrace.archived_run (tenant_id, flow_id, id desc);
create index on millrace.archived_run (tenant_id, status, id desc);
create index on millrace.archived_run (origin) where origin is not null;

create table millrace.archived_step (
  retention        text not null,
  run_finished_at  timestamptz not null,
  run_id           uuid not null,
  key              text not null,
  tenant_id        uuid not null,
  node             text not null,
  seq              bigint not null,
  status           text not null,
  attempts         integer not null,
  started_at       timestamptz not null,
  finished_at      timestamptz,
  port             text,
  input            json,
  output           json,
  error            json,
  next_retry_at    timestamptz,
  input_from       json,
  passes_on        boolean not null
) partition by list (retention);
create index on millrace.archived_step (run_id);
create index on millrace.archived_step (tenant_id, finished_at) where error is not null;

create table millrace.archived_wait (
  retention        text not null,
  run_finished_at  timestamptz not null,
  id               uuid not null,
  tenant_id        uuid not null,
  environment      text not null,
  run_id           uuid not null,
  step             text not null,
  channel          text not null,
  key              text not null,
  state            text not null,
  detail           json not null,
  opened_at        timestamptz not null,
  due_at           timestamptz,
  expires_at       timestamptz,
  overdue_since    timestamptz,
  closed_at        timestamptz
) partition by list (retention);
create index on millrace.archived_wait (run_id);

create table millrace.archived_signal (
  retention        text not null,
  run_finished_at  timestamptz not null,
  id               uuid not null,
  tenant_id        uuid not null,
  environment      text not null,
  channel          text not null,
  key              text,
  source           text not null,
  fingerprint      text not null,
  payload          json not null,
  state            text not null,
  reason           text,
  wait_id          uuid,
  run_id           uuid not null,
  received_at      timestamptz not null
) partition by list (retention);
create index on millrace.archived_signal (run_id);
create index on millrace.archived_signal (tenant_id, id desc);
create index on millrace.archived_signal (tenant_id, key, id desc);

create table millrace.archived_dead_letter (
  retention        text not null,
  run_finished_at  timestamptz not null,
  run_id           uuid not null,
  tenant_id        uuid not null,
  environment      text not null,
  flow_id          text not null,
  category         text not null,
  code             text not null,
  message          text not null,
  step             text,
  state            text not null,
  at               timestamptz not null,
  settled_at       timestamptz,
  settled_by       text,
  note             text
) partition by list (retention);
create index on millrace.archived_dead_letter (tenant_id, run_id desc);

do $$
declare
  whole text;
  class text;
begin
  foreach whole in array array['run', 'step', 'wait', 'signal', 'dead_letter'] loop
    foreach class in array array['short', 'normal', 'long'] loop
      execute format('create table millrace.archived_%s_%s partition of millrace.archived_%1$s for values in (%2$L) partition by range (%3$I)',
        whole, class, case whole when 'run' then 'finished_at' else 'run_finished_at' end);
    end loop;
  end loop;
end $$;

-- Live or archived: whoever shows something reads from these.
create view millrace.all_runs with (security_invoker) as
  select id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source, status,
    origin, generation, parent, started_at, finished_at, error, output
  from millrace.run
  union all
  select id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source, status,
    origin, generation, parent, started_at, finished_at, error, output
  from millrace.archived_run;

create view millrace.all_steps with (security_invoker) as
  select run_id, key, tenant_id, node, seq, status, attempts, started_at, finished_at, port, input, output, error,
    next_retry_at, input_from, passes_on
  from millrace.step
  union all
  select run_id, key, tenant_id, node, seq, status, attempts, started_at, finished_at, port, input, output, error,
    next_retry_at, input_from, passes_on
  from millrace.archived_step;

create view millrace.all_waits with (security_invoker) as
  select id, tenant_id, environment, run_id, step, channel, key, state, detail, opened_at, due_at, expires_at,
    overdue_since, closed_at
  from millrace.wait
  union all
  select id, tenant_id, environment, run_id, step, channel, key, state, detail, opened_at, due_at, expires_at,
    overdue_since, closed_at
  from millrace.archived_wait;

create view millrace.all_signals with (security_invoker) as
  select id, tenant_id, environment, channel, key, source, fingerprint, payload, state, reason, wait_id, run_id,
    received_at
  from millrace.signal
  union all
  select id, tenant_id, environment, channel, key, source, fingerprint, payload, state, reason, wait_id, run_id,
    received_at
  from millrace.archived_signal;

create view millrace.all_dead_letters with (security_invoker) as
  select run_id, tenant_id, environment, flow_id, category, code, message, step, state, at, settled_at, settled_by, note
  from millrace.dead_letter
  union all
  select run_id, tenant_id, environment, flow_id, category, code, message, step, state, at, settled_at, settled_by, note
  from millrace.archived_dead_letter;

-- What of a class goes at once: it makes the shortest keep no more than a seventh too much, and few parts altogether.
create function millrace.archive_unit(class text) returns text language sql immutable
  return case class when 'short' then 'day' when 'normal' then 'week' when 'long' then 'month' end;

-- Where the part that holds this moment begins.
create function millrace.archive_start(class text, at timestamptz) returns timestamptz language sql stable
  return date_trunc(millrace.archive_unit(class), at, 'UTC');

-- The two things that the application may do to the schema: make the part for a moment, drop parts that are long over.
-- They run with the rights of who owns the schema, and can touch nothing but parts of the archive.
create function millrace.make_archive(class text, at timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '2s' as $$
declare
  start timestamptz := millrace.archive_start(class, at);
  whole text;
  part text;
begin
  if start is null then
    raise exception 'no class of retention: %', class;
  end if;
  perform pg_advisory_xact_lock(4031966);
  foreach whole in array array['run', 'step', 'wait', 'signal', 'dead_letter'] loop
    part := format('archived_%s_%s_%s', whole, class, to_char(start, 'YYYYMMDD'));
    continue when to_regclass('millrace.' || part) is not null;
    -- Attached, not created as a part: that would wait for every reader of the archive, and make every later one wait.
    execute format('create table millrace.%I (like millrace.archived_%s including constraints)', part, whole);
    execute format('alter table millrace.%I enable row level security, force row level security', part);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', part);
    execute format('alter table millrace.archived_%s_%s attach partition millrace.%I for values from (%L) to (%L)',
      whole, class, part, start, start + ('1 ' || millrace.archive_unit(class))::interval);
  end loop;
end $$;

-- Answers how many parts there were.
create function millrace.drop_archive(class text, before timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '2s' as $$
declare
  start date := millrace.archive_start(class, before)::date;
  part text;
  dropped integer := 0;
begin
  if start is null then
    raise exception 'no class of retention: %', class;
  end if;
  if before > millrace.now() - interval '23 hours' then
    raise exception 'what is younger than a day is not forgotten';
  end if;
  for part in
    select relname from pg_class where relnamespace = 'millrace'::regnamespace and relkind = 'r'
      and relname ~ format('^archived_(run|step|wait|signal|dead_letter)_%s_\d{8}$', class)
      and to_date(right(relname, 8), 'YYYYMMDD') < start
  loop
    execute format('drop table millrace.%I', part);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

revoke execute on function millrace.make_archive, millrace.drop_archive from public;
grant execute on function millrace.make_archive, millrace.drop_archive to millrace_scan;

-- Work that one process does for all, at most so often. Whoever moves the time on does it.
create table millrace.duty (
  name     text primary key,
  next_at  timestamptz not null
);
grant select, insert, update on millrace.duty to millrace_scan;

-- Processes that were found dead: they did not say that they would stop.
create table millrace.lost_process (
  id       uuid primary key,
  host     text not null,
  roles    text[] not null,
  lost_at  timestamptz not null default millrace.now()
);
grant select, insert, delete on millrace.lost_process to millrace_scan;
create function millrace.note_lost_process() returns trigger language plpgsql as $$
begin
  insert into millrace.lost_process (id, host, roles) values (old.id, old.host, old.roles) on conflict do nothing;
  return null;
end $$;
create trigger note_lost_process after delete on millrace.process for each row
  when (old.seen_at < statement_timestamp() - interval '15 seconds') execute function millrace.note_lost_process();

-- An incident that is over gives its name back, for the next one: an alert that is closed has none.
alter table millrace.alert
  alter column incident drop not null,
  add column closed_at        timestamptz,
  add column acknowledged_at  timestamptz,
  add column acknowledged_by  text,
  add column announced        boolean not null default false,  -- its deliveries are written down
  add check ((incident is null) = (closed_at is not null));
update millrace.alert set announced = true;
create index alert_recent on millrace.alert (tenant_id, id desc);
create index alert_of_run on millrace.alert (run_id) where run_id is not null;
create index alert_open on millrace.alert (tenant_id, code) where closed_at is null;
create index alert_new on millrace.alert (tenant_id) where not announced;

create table millrace.alert_channel (
  id           uuid primary key,
  tenant_id    uuid not null references millrace.tenant,
  name         text not null,
  kind         text not null check (kind in ('email', 'webhook')),
  config       jsonb not null,               -- { to: […] } or { url }
  severity     text not null check (severity in ('warning', 'high')),  -- from which on
  enabled      boolean not null default true,
  secret       bytea,                        -- as of a connection
  wrapped_key  bytea,
  key_id       text,
  created_at   timestamptz not null default millrace.now(),
  removed_at   timestamptz,                  -- gets nothing more; what it got can still be seen
  check ((secret is null) = (wrapped_key is null) and (secret is null) = (key_id is null))
);
create unique index alert_channel_name on millrace.alert_channel (tenant_id, name) where removed_at is null;

create table millrace.alert_delivery (
  alert_id      uuid not null references millrace.alert on delete cascade,
  channel_id    uuid not null references millrace.alert_channel,
  tenant_id     uuid not null references millrace.tenant,
  state         text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts      integer not null default 0,
  next_at       timestamptz default millrace.now(),  -- of the next attempt; while one is made: when it counts as lost
  error         text,
  delivered_at  timestamptz,
  primary key (alert_id, channel_id)
);
create index alert_delivery_due on millrace.alert_delivery (next_at) where state = 'pending';

do $$
declare t text;
begin
  for t in
    select tablename from pg_tables where schemaname = 'millrace'
      and (tablename like 'archived\_%' or tablename in ('mailbox', 'alert_channel', 'alert_delivery'))
  loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
  end loop;
end $$;
grant select, insert on millrace.archived_run, millrace.archived_step, millrace.archived_wait, millrace.archived_signal,
  millrace.archived_dead_letter to millrace_app;
grant select, insert, delete on millrace.mailbox to millrace_app;
grant select, insert, update on millrace.alert_channel, millrace.alert_delivery to millrace_app;
grant select on millrace.all_runs, millrace.all_steps, millrace.all_waits, millrace.all_signals,
  millrace.all_dead_letters to millrace_app;

-- Across tenants it is found what is over, what is old, what is to be told to whom; nothing of what it is about.
create policy scan on millrace.archived_run   to millrace_scan using (true);
create policy scan on millrace.dead_letter    to millrace_scan using (true);
create policy scan on millrace.alert          to millrace_scan using (true);
create policy scan on millrace.alert_delivery to millrace_scan using (true);
grant select (id, tenant_id, retention, finished_at) on millrace.archived_run to millrace_scan;
grant select (run_id, state) on millrace.dead_letter to millrace_scan;
grant select (environment, flow_id, parent, finished_at, updated_at) on millrace.run to millrace_scan;
grant select (retention) on millrace.deployment to millrace_scan;
grant select (tenant_id, announced) on millrace.alert to millrace_scan;
grant select (tenant_id, state, next_at) on millrace.alert_delivery to millrace_scan;
