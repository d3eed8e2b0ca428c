-- Processes that look for ready runs at the same time claim different ones: finding a run and taking it is one statement,
-- which the scanner makes across tenants. What a run is about it still cannot read.
grant select (token, takeovers, cancel, environment, flow_id) on millrace.run to millrace_scan;
grant update (token, lease_holder, lease_until, takeovers, held) on millrace.run to millrace_scan;
grant select (paused_at) on millrace.deployment to millrace_scan;

-- What is held back, and may be so no longer.
create index run_held on millrace.run (tenant_id) where held and status in ('running', 'waiting');

-- Steps of long loops are found one by one.
create index wait_open_step on millrace.wait (run_id, step) where state = 'open';
drop index millrace.timer_by_run;
create index timer_by_step on millrace.timer (run_id, step);

-- However many signals a key has seen, one that comes again is known at once, and so are those that wait for somebody.
create index signal_same on millrace.signal (fingerprint, key, state);
create index signal_offered on millrace.signal (tenant_id, environment, channel, key, id) where state in ('kept', 'late');
drop index millrace.signal_by_key;

-- Rows of the live tables are found by what they are: a run's id, a mailbox. The policy must not offer the planner another
-- way: while statistics are young it takes an index that begins with the tenant for as good, and reads all the tenant has,
-- again and again. So the condition is one that no index serves. Who wants all of a tenant says so.
do $$
declare t text;
begin
  foreach t in array array['run', 'step', 'wait', 'signal', 'timer', 'pass', 'pass_result'] loop
    execute format('drop policy tenant on millrace.%I', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app
       using ((select nullif(current_setting(''app.tenants'', true), '''')::uuid[]) @> array[tenant_id])', t);
  end loop;
end $$;
