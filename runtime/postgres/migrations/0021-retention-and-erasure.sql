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
grant delete, update (steps_forgotten) on millrace.archived_run to millrace_app;
grant delete on millrace.archived_step, millrace.archived_wait, millrace.archived_signal, millrace.archived_dead_letter
  to millrace_app;

-- Cuts off what of a tenant's audit is older than it is to be kept, but never the newest entry, and leaves an entry that tells
-- where it was cut: without one, a beginning that is missing was taken away. The only way in which entries go, with the
-- rights of a role that nobody takes on.
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

create policy cut on millrace.audit to millrace_cut using (true);
create policy cut on millrace.audit_retention to millrace_cut using (true);
grant usage, create on schema millrace to millrace_cut;
grant select, insert (tenant_id, action, target, after), delete on millrace.audit to millrace_cut;
grant select, update (cut_position, cut_hash) on millrace.audit_retention to millrace_cut;
revoke all on function millrace.cut_audit from public;
grant execute on function millrace.cut_audit to millrace_app;
alter function millrace.cut_audit owner to millrace_cut;
revoke create on schema millrace from millrace_cut;

-- Whether JSON holds what is looked for: by a path with the values `text` and `number`. Text with a NUL character can be JSON
-- and no jsonb: there the value anywhere counts.
create function millrace.holds(data json, path jsonpath, vars jsonb) returns boolean language sql stable parallel safe as $$
  select case
    when data is null then false
    when strpos(data::text, '\u0000') > 0 then strpos(data::text, vars ->> 'text') > 0
    else jsonb_path_exists(data::jsonb, path, vars, true) end
$$;
grant execute on function millrace.holds to millrace_app;
