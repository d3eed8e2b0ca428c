-- How the tests of a version went last. A version never changes, and neither do its tests: so the report is the version's.
create table millrace.flow_test_report (
  tenant_id  uuid not null references millrace.tenant,
  version    text not null,
  report     json not null,
  ran_at     timestamptz not null default millrace.now(),
  ran_by     text not null,                          -- for people
  primary key (tenant_id, version),
  foreign key (tenant_id, version) references millrace.flow_version (tenant_id, hash) on delete cascade
);

-- What is to be moved from the sandbox to production together, and what has become of it.
create table millrace.promotion (
  id              uuid primary key default uuidv7(),
  tenant_id       uuid not null references millrace.tenant,
  flow_id         text not null,                     -- the flow that is moved with all that it depends on
  state           text not null default 'planned'
                  check (state in ('planned', 'approved', 'rejected', 'applied', 'rolled-back')),
  parts           json not null,                     -- as they were in both environments when it was planned
  missing         json not null,                     -- problems that were in the way then
  applied         json,                              -- the states in production that it has made, by part
  note            text,
  planned_at      timestamptz not null default millrace.now(),
  planned_by      text not null,                     -- for people, as are the others
  planner         text,                              -- id of the person or API key
  decided_at      timestamptz,
  decided_by      text,
  decision_note   text,
  applied_at      timestamptz,
  applied_by      text,
  rolled_back_at  timestamptz,
  rolled_back_by  text,
  check ((state in ('applied', 'rolled-back')) = (applied is not null))
);
create index promotion_newest on millrace.promotion (tenant_id, id desc);

-- What a tenant wants of its promotions; without a row, what holds for all.
create table millrace.promotion_rules (
  tenant_id   uuid primary key references millrace.tenant,
  required    boolean not null,                      -- nothing is deployed to production otherwise
  by_another  boolean not null,                      -- who has planned it does not approve it
  tests       text not null check (tests in ('none', 'pass', 'exercise'))
);

do $$
declare t text;
begin
  foreach t in array array['flow_test_report', 'promotion', 'promotion_rules'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format($p$create policy tenant on millrace.%I to millrace_app
      using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]))$p$, t);
    execute format('grant select, insert, update on millrace.%I to millrace_app', t);
  end loop;
end $$;

alter table millrace.deployment_history drop constraint deployment_history_action_check,
  add constraint deployment_history_action_check check (action in ('deploy', 'promote', 'rollback', 'undeploy'));
