-- What the whole engine needs of a run besides the thread's columns.
alter table millrace.run
  add column revision   integer not null default 0,      -- commits so far: after a lost connection it tells what landed
  add column takeovers  integer not null default 0,      -- workers lost since it last came to rest
  add column redrive    boolean not null default false,  -- it failed, and goes on from where it stood
  add column held       boolean not null default false,  -- its flow is paused: nobody takes it
  add column origin     uuid,                            -- the run whose idempotency keys it uses: the one it replays
  add column generation integer not null default 0,      -- of the keys: raised by a replay with edited input
  add column parent     uuid;                            -- the run that called it

drop index millrace.run_lease;
create index run_lease on millrace.run (lease_until) where status = 'running' and lease_until is not null;
-- Ready and held by nobody, tenant by tenant.
create index run_ready on millrace.run (tenant_id, id) where status = 'running' and lease_until is null and not held;
create index run_children on millrace.run (parent) where parent is not null;
create index run_replays on millrace.run (origin) where origin is not null;

create index signal_malformed on millrace.signal (tenant_id, environment, channel, fingerprint) where state = 'malformed';

-- Mailboxes are advisory locks.
drop table millrace.mailbox;

alter table millrace.deployment add column paused_at timestamptz;

-- A run that failed for good, until somebody has dealt with it.
create table millrace.dead_letter (
  run_id       uuid primary key references millrace.run on delete cascade,
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  category     text not null,
  code         text not null,
  message      text not null,
  step         text,
  state        text not null default 'open' check (state in ('open', 'redriven', 'discarded')),
  at           timestamptz not null default millrace.now(),
  settled_at   timestamptz,
  settled_by   text,
  note         text
);
create index dead_letter_open on millrace.dead_letter (tenant_id, run_id desc) where state = 'open';

-- The processes that share the database: who they are, and that they are alive.
create table millrace.process (
  id          uuid primary key,
  host        text not null,
  pid         integer not null,
  version     text not null,
  roles       text[] not null,
  started_at  timestamptz not null default millrace.now(),
  seen_at     timestamptz not null default millrace.now()
);

alter table millrace.dead_letter enable row level security, force row level security;
create policy tenant on millrace.dead_letter to millrace_app
  using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, update, delete on millrace.dead_letter to millrace_app;
grant select, insert, update, delete on millrace.process to millrace_scan;
grant select (held, lease_holder) on millrace.run to millrace_scan;

-- Of what a step got and gave only what is new is kept: its input is the output of others, and some pass their input on.
alter table millrace.step
  add column input_from json,                            -- keys of the steps (or the trigger's id) whose output it got
  add column passes_on  boolean not null default false;  -- its output is its input

-- The machines of a run's passes that are under way.
create table millrace.pass (
  run_id     uuid not null references millrace.run on delete cascade,
  key        text not null,                              -- lines[17], lines[17]/parts[3]
  tenant_id  uuid not null references millrace.tenant,
  state      json not null,
  primary key (run_id, key)
);

-- What the passes of a loop gave, until the loop has ended.
create table millrace.pass_result (
  run_id     uuid not null references millrace.run on delete cascade,
  step       text not null,
  index      integer not null,
  tenant_id  uuid not null references millrace.tenant,
  output     json,
  error      json,
  primary key (run_id, step, index)
);

do $$
declare t text;
begin
  foreach t in array array['pass', 'pass_result'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;
