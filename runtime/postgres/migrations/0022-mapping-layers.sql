-- Mappings in layers that a version brings along; null where it has none.
alter table millrace.flow_version add column mappings json;

-- What a tenant lays over the layers of a flow's mapping, a row for each time that it was changed; the newest is in force.
create table millrace.mapping_override (
  id           uuid primary key default uuidv7(),
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null,
  flow_id      text not null,
  mapping      text not null,                           -- its name in the flow
  fields       json not null,                           -- lines of a field map
  action       text not null check (action in ('edit', 'promote', 'rollback')),
  at           timestamptz not null default millrace.now(),
  changed_by   text not null,                           -- for people
  note         text
);
create index mapping_override_newest on millrace.mapping_override (tenant_id, flow_id, mapping, environment, id desc);

alter table millrace.mapping_override enable row level security, force row level security;
create policy tenant on millrace.mapping_override to millrace_app
  using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert on millrace.mapping_override to millrace_app;
