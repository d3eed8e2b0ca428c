-- A version is all that a bundle holds but where the boxes stand. One that was published has a number, by which people know
-- it; others are of runs from files and of tests.
alter table millrace.flow_version
  add column samples       json not null default '{}',
  add column tests         json not null default '{}',
  add column records       json not null default '[]',
  add column tables        json,                        -- null where the bundle has none
  add column number        integer check (number > 0),
  add column published_at  timestamptz,
  add column published_by  text,                        -- for people
  add column note          text,
  add check ((number is null) = (published_at is null) and (number is null) = (published_by is null));
create unique index flow_version_number on millrace.flow_version (tenant_id, flow_id, number);

-- The version that the draft would be; null until it is saved again.
alter table millrace.flow add column content text;

-- What was put into an environment, one row each time; the newest says what serves there, or that nothing does.
create table millrace.deployment_history (
  id           uuid primary key default uuidv7(),
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  action       text not null check (action in ('deploy', 'rollback', 'undeploy')),
  version      text not null,                           -- of an undeployment: what has served until then
  parameters   json not null,
  connections  json not null,
  at           timestamptz not null default millrace.now(),
  deployed_by  text not null,                           -- for people
  note         text,
  foreign key (tenant_id, version) references millrace.flow_version (tenant_id, hash)
);
create index deployment_history_newest on millrace.deployment_history (tenant_id, flow_id, environment, id desc);

alter table millrace.deployment_history enable row level security, force row level security;
create policy tenant on millrace.deployment_history to millrace_app
  using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert on millrace.deployment_history to millrace_app;
