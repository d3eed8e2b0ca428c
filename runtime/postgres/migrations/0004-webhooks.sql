-- Addresses of webhooks may hold parameters: `orders/:id/lines`. Two addresses that differ in the names of their
-- parameters alone are the same address, and so have the same shape: `orders/:/lines`.
alter table millrace.webhook_route
  add column shape text not null generated always as (regexp_replace(path, '(^|/):[^/]+', '\1:', 'g')) stored;
alter table millrace.webhook_route drop constraint webhook_route_pkey;
alter table millrace.webhook_route
  add constraint webhook_route_pkey primary key (tenant_id, environment, method, shape);

-- Raised with everything that decides how a webhook is served, in the same transaction: whoever remembers what serves
-- compares this one number. Its row is also the lock under which the addresses of a tenant are changed.
create table millrace.serving_revision (
  tenant_id  uuid primary key references millrace.tenant,
  revision   bigint not null
);

create function millrace.raise_serving_revision() returns trigger language plpgsql as $$
begin
  insert into millrace.serving_revision (tenant_id, revision)
  values (case when tg_op = 'DELETE' then old.tenant_id else new.tenant_id end, 1)
  on conflict (tenant_id) do update set revision = serving_revision.revision + 1;
  return null;
end $$;
create trigger raise_serving_revision
  after insert or delete or update of version, parameters, connections on millrace.deployment
  for each row execute function millrace.raise_serving_revision();
create trigger raise_serving_revision
  after insert or delete or update on millrace.connection
  for each row execute function millrace.raise_serving_revision();

-- What a run has answered to the request that started it; the same request sent again gets it again.
create table millrace.run_answer (
  run_id     uuid primary key references millrace.run on delete cascade,
  tenant_id  uuid not null references millrace.tenant,
  status     integer not null check (status between 200 and 599),
  headers    json not null,
  body       json not null                   -- a text is sent as it is, null is no body
);

do $$
declare t text;
begin
  foreach t in array array['serving_revision', 'run_answer'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;

-- Whose webhook an address is, is asked before the tenant is known.
create policy scan on millrace.serving_revision to millrace_scan using (true);
grant select on millrace.serving_revision to millrace_scan;
