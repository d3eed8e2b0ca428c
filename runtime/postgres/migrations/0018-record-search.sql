-- Under row-level security an index serves only operators that are known to tell nothing of a row by failing, and `@>` is not
-- among them: records were never found by the index on their data, but by going through all of their type. This looks in the
-- index with the rights of a role that nobody takes on, and hands out no more than ids, of the tenants that the transaction
-- sees; what is behind them is read as ever, with the rights of who asks.
create function millrace.records_containing(in_environment text, of_type text, parts jsonb[], most integer)
  returns setof text
  language sql stable security definer rows 100 set search_path = pg_catalog, pg_temp
  set enable_bitmapscan = on set enable_seqscan = off as $$
  select id from millrace.record
  where data @> any (parts)
    -- As one value of which no index knows: a table of which PostgreSQL knows little it would go through by type after all.
    and coalesce(environment = in_environment and type = of_type
      and tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]), false)
  limit most
$$;

create policy search on millrace.record for select to millrace_search using (true);
grant usage, create on schema millrace to millrace_search;
grant select (tenant_id, environment, type, id, data) on millrace.record to millrace_search;
revoke all on function millrace.records_containing from public;
grant execute on function millrace.records_containing to millrace_app;
alter function millrace.records_containing owner to millrace_search;
revoke create on schema millrace from millrace_search;

-- What waits to be sorted in is gone through at each look.
alter index millrace.record_fields set (gin_pending_list_limit = 256);
