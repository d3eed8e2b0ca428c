-- Books that PostgreSQL keeps beside the engine: what the engine's own tables cannot tell afterwards.
create schema faults;
create table faults.ending (run uuid not null, status text not null, at timestamptz not null default clock_timestamp());
create table faults.breach (run uuid not null, what text not null, at timestamptz not null default clock_timestamp());
create table faults.orphaned (run uuid not null, at timestamptz not null default clock_timestamp());
-- Runs that were taken from a holder whose lease had run out, or set free from it for whoever looks next.
create table faults.taken (run uuid not null, holder text, at timestamptz not null default clock_timestamp());

create table faults.timed (run uuid not null);
create index on faults.timed (run);
create index on faults.ending (run);

create function faults.audit_run() returns trigger language plpgsql security definer as $$
begin
  if new.status in ('succeeded', 'failed', 'cancelled') and new.status is distinct from old.status then
    insert into faults.ending (run, status) values (new.id, new.status);
  end if;
  if old.status in ('succeeded', 'failed', 'cancelled') and new.status is distinct from old.status then
    insert into faults.breach values (new.id, format('was %s and became %s', old.status, new.status));
  end if;
  if new.revision not in (old.revision, old.revision + 1) then
    insert into faults.breach values (new.id, format('revision went from %s to %s', old.revision, new.revision));
  end if;
  if new.takeovers > old.takeovers then
    insert into faults.taken (run, holder) values (new.id, old.lease_holder);
  end if;
  return null;
end $$;
create trigger audit after update on millrace.run for each row execute function faults.audit_run();

-- A step that is done is done: another write of it is a transition applied twice.
create function faults.audit_step() returns trigger language plpgsql security definer as $$
begin
  insert into faults.breach values (new.run_id, format('step %s was done and was written again', new.key));
  return null;
end $$;
create trigger audit after update on millrace.step for each row when (old.status = 'done')
  execute function faults.audit_step();

create function faults.audit_timer() returns trigger language plpgsql security definer as $$
begin
  insert into faults.timed values (new.run_id);
  return null;
end $$;
create trigger audit after insert on millrace.timer for each row execute function faults.audit_timer();
