-- A slow disk where it hurts most: transactions that open a wait, store a signal or end a run take their time to commit.
create function faults.slow() returns trigger language plpgsql as $$
begin
  -- A transaction may have many such rows.
  if random() < 0.2 then
    perform pg_sleep(random() * 0.3);
  end if;
  return null;
end $$;
create constraint trigger slow after insert on millrace.wait
  deferrable initially deferred for each row execute function faults.slow();
create constraint trigger slow after insert on millrace.signal
  deferrable initially deferred for each row execute function faults.slow();
create constraint trigger slow after update of status on millrace.run
  deferrable initially deferred for each row when (new.finished_at is not null) execute function faults.slow();
grant usage on schema faults to millrace_app, millrace_scan;
