-- What is looked for again and again is found by jumps over an index, however much there is of it that is not wanted.

-- Of each flow with runs that are held back one entry is read, and then those whose flow is not paused any more.
drop index millrace.run_held;
create index run_held on millrace.run (tenant_id, environment, flow_id, id)
  where held and status in ('running', 'waiting');
create index deployment_paused on millrace.deployment (tenant_id, environment, flow_id) where paused_at is not null;

-- Each tenant's schedule that is due first.
create index schedule_of_tenant on millrace.schedule (tenant_id, next_at) where next_at is not null;

-- Who archives goes on behind the last one that it has found.
drop index millrace.run_ended;
create index run_ended on millrace.run (finished_at, id) where finished_at is not null;

-- What came for the waits on a mailbox that went into the archive: a row each, so that one that comes again is looked up,
-- however many waits there were.
create table millrace.mailbox_signal (
  tenant_id     uuid not null references millrace.tenant,
  environment   text not null,
  channel       text not null,
  key           text not null,
  fingerprint   text not null,
  at            timestamptz not null default millrace.now(),
  primary key (tenant_id, environment, channel, key, fingerprint)
);
create index mailbox_signal_old on millrace.mailbox_signal using brin (at);
insert into millrace.mailbox_signal (tenant_id, environment, channel, key, fingerprint, at)
  select tenant_id, environment, channel, key, fingerprint, max(at)
  from millrace.mailbox cross join unnest(fingerprints) as fingerprint
  group by tenant_id, environment, channel, key, fingerprint;
alter table millrace.mailbox drop column fingerprints;

alter table millrace.mailbox_signal enable row level security, force row level security;
create policy tenant on millrace.mailbox_signal to millrace_app
  using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, update, delete on millrace.mailbox_signal to millrace_app;
