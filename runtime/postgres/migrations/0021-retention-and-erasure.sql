-- For how long a tenant keeps what, and what of its audit was cut off.

-- Days from the end of a run; what the class of its flow allows less of goes sooner. Null: only the class counts.
create table millrace.retention (
  tenant_id    uuid not null references millrace.tenant,
  environment  text not null check (environment in ('sandbox', 'production')),
  step_days    integer check (step_days between 1 and 36500),   -- of what its steps got and gave, its signals and files
  run_days     integer check (run_days between 1 and 36500),    -- of all of it
  primary key (tenant_id, environment)
);

create table millrace.audit_retention (
  tenant_id     uuid primary key references millrace.tenant,
  days          integer check (days between 30 and 36500),      -- null: for good
  cut_position  bigint not null default 0,                      -- of the last entry that was cut off
  cut_hash      bytea not null default ''                       -- its hash, by which the rest still follows it
);

do $$
declare t text;
begin
  foreach t in array array['retention', 'audit_retention'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
  end loop;
end $$;
grant select, insert, update on millrace.retention to millrace_app;
grant select, insert (tenant_id, days), update (days) on millrace.audit_retention to millrace_app;

-- Of what is archived, some is forgotten before the part that it is in is dropped.
alter table millrace.archived_run add column steps_forgotten boolean not null default false;
create index archived_run_with_steps on millrace.archived_run (tenant_id, environment, finished_at) where not steps_forgotten;
create index archived_run_ended on millrace.archived_run (tenant_id, environment, finished_at);

-- The application cannot change or delete what is archived but by these, of the tenants that its transaction sees: forget runs
-- with all that belongs to them, or what their steps got and gave. They run with the rights of a role that nobody takes on.
create function millrace.forget_archived_runs(runs uuid[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from millrace.archived_step where run_id = any (runs);
  delete from millrace.archived_wait where run_id = any (runs);
  delete from millrace.archived_signal where run_id = any (runs);
  delete from millrace.archived_dead_letter where run_id = any (runs);
  delete from millrace.archived_run where id = any (runs);
$$;
create function millrace.forget_archived_steps(runs uuid[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from millrace.archived_step where run_id = any (runs);
  delete from millrace.archived_signal where run_id = any (runs);
  update millrace.archived_run set steps_forgotten = true where id = any (runs);
$$;
do $$
declare t text;
begin
  foreach t in array array['run', 'step', 'wait', 'signal', 'dead_letter'] loop
    execute format(
      'create policy forget on millrace.archived_%s to millrace_forget using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, delete on millrace.archived_%s to millrace_forget', t);
  end loop;
end $$;
grant update (steps_forgotten) on millrace.archived_run to millrace_forget;

-- Cuts off what of a tenant's audit is older than it is to be kept, but never the newest entry, and leaves an entry that tells
-- where it was cut: without one, a beginning that is missing was taken away. The only way in which entries go.
create function millrace.cut_audit(of_tenant uuid) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  keep     integer;
  last_old bigint;
  last_hash bytea;
begin
  if not coalesce(of_tenant = any (nullif(current_setting('app.tenants', true), '')::uuid[]), false) then
    raise exception 'another tenant''s audit';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(of_tenant::text, 4031967));
  select days into keep from millrace.audit_retention where tenant_id = of_tenant;
  if keep is null then
    return 0;
  end if;
  select coalesce(min(position) filter (where at >= millrace.now() - keep * interval '1 day'), max(position)) - 1
    into last_old from millrace.audit where tenant_id = of_tenant;
  select hash into last_hash from millrace.audit where tenant_id = of_tenant and position = last_old;
  if last_hash is null then
    return 0;
  end if;
  delete from millrace.audit where tenant_id = of_tenant and position <= last_old;
  update millrace.audit_retention set cut_position = last_old, cut_hash = last_hash where tenant_id = of_tenant;
  insert into millrace.audit (tenant_id, action, target, after) values (of_tenant, 'retention.set', 'audit',
    json_build_object('cut', json_build_object('position', last_old, 'hash', encode(last_hash, 'hex'))));
  return last_old;
end $$;

create policy cut on millrace.audit to millrace_forget using (true);
create policy cut on millrace.audit_retention to millrace_forget using (true);
grant usage, create on schema millrace to millrace_forget;
grant select, insert (tenant_id, action, target, after), delete on millrace.audit to millrace_forget;
grant select, update (cut_position, cut_hash) on millrace.audit_retention to millrace_forget;
do $$
declare f text;
begin
  foreach f in array array['cut_audit(uuid)', 'forget_archived_runs(uuid[])', 'forget_archived_steps(uuid[])'] loop
    execute format('revoke all on function millrace.%s from public', f);
    execute format('grant execute on function millrace.%s to millrace_app', f);
    execute format('alter function millrace.%s owner to millrace_forget', f);
  end loop;
end $$;
revoke create on schema millrace from millrace_forget;

-- Whether JSON holds what is looked for: by a path with the values `text` and `number`. Text with a NUL character can be JSON
-- and no jsonb: there the value anywhere counts.
create function millrace.holds(data json, path jsonpath, vars jsonb) returns boolean language sql stable parallel safe as $$
  select case
    when data is null then false
    when strpos(data::text, '\u0000') > 0 then strpos(data::text, vars ->> 'text') > 0
    else jsonb_path_exists(data::jsonb, path, vars, true) end
$$;
grant execute on function millrace.holds to millrace_app;
