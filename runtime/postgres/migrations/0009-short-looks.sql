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
