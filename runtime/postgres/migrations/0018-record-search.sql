-- Data under the address of its record's tenant and type, so that the index on it has an entry of its own for each tenant:
-- how much others have of a value is nobody's trouble. (Immutable, as what it calls is for such arguments.)
create function millrace.placed_data(tenant_id uuid, environment text, type text, data jsonb) returns jsonb
  language sql immutable parallel safe as $$
  select jsonb_build_object(tenant_id || '/' || environment || '/' || type, data)
$$;

drop index millrace.record_fields;
-- What waits to be sorted in is gone through at each look.
create index record_fields on millrace.record
  using gin (millrace.placed_data(tenant_id, environment, type, data) jsonb_path_ops) with (gin_pending_list_limit = 256);

-- Under row-level security an index serves only operators that are known to tell nothing of a row by failing, and `@>` is not
-- among them: records were never found by the index on their data, but by going through all of their type. This looks in the
-- index with the rights of a role that nobody takes on, and hands out no more than ids, of the tenants that the transaction
-- sees; what is behind them is read as ever, with the rights of who asks.
create function millrace.records_containing(in_environment text, of_type text, parts jsonb[], most integer)
  returns setof text
  language sql stable security definer rows 100 set search_path = pg_catalog, pg_temp
  set enable_bitmapscan = on set enable_seqscan = off as $$
  select id from millrace.record
  where millrace.placed_data(tenant_id, environment, type, data) @> any (array(
      select millrace.placed_data(tenant, in_environment, of_type, part)
      from unnest(nullif(current_setting('app.tenants', true), '')::uuid[]) as tenant, unnest(parts) as part))
  limit most
$$;

create policy search on millrace.record for select to millrace_search using (true);
grant usage, create on schema millrace to millrace_search;
grant select (tenant_id, environment, type, id, data) on millrace.record to millrace_search;
revoke all on function millrace.records_containing from public;
grant execute on function millrace.records_containing to millrace_app;
alter function millrace.records_containing owner to millrace_search;
revoke create on schema millrace from millrace_search;
