-- Runs that hold a payload besides the one whose it is: started with what another has, by a call, an event or a replay, or
-- told of it by a run that they called. A payload goes with the last of them. Where run_id is null nobody holds it.
create table millrace.payload_use (
  payload_id  uuid not null references millrace.payload on delete cascade,
  run_id      uuid not null,
  tenant_id   uuid not null references millrace.tenant,
  primary key (payload_id, run_id)
);
create index payload_use_of_run on millrace.payload_use (run_id);

alter table millrace.payload_use enable row level security, force row level security;
create policy tenant on millrace.payload_use to millrace_app
  using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert, update, delete on millrace.payload_use to millrace_app;
create policy scan on millrace.payload_use to millrace_scan using (true);
grant select (run_id) on millrace.payload_use to millrace_scan;
