-- Who changed what. Entries are only ever added, and each holds the hash of the one before it in its tenant: one that was
-- changed, taken out or put in between does not fit its neighbours any more (`millrace audit verify`).
create table millrace.audit (
  tenant_id    uuid not null references millrace.tenant,
  position     bigint not null,                -- from 1, without gaps
  at           timestamptz not null,
  who          text not null,                  -- name, for people
  who_id       text,                           -- of the person or API key
  by           text not null check (by in ('person', 'key', 'command line', 'instance')),
  address      text,                           -- network address of the caller
  action       text not null,
  environment  text,
  target       text not null,                  -- what was changed: flows/orders
  before       json,
  after        json,
  previous     bytea not null,                 -- hash of the entry before; of the first one nothing
  hash         bytea not null,
  primary key (tenant_id, position)
);
create index audit_by_target on millrace.audit (tenant_id, target, position);

-- What the hash of an entry is made of.
create function millrace.audit_text(entry millrace.audit) returns text language sql stable as $$
  select json_build_array(entry.tenant_id, entry.position,
    to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.who, entry.who_id, entry.by, entry.address,
    entry.action, entry.environment, entry.target, entry.before, entry.after, encode(entry.previous, 'hex'))::text
$$;

-- Whoever writes an entry says what was changed; who it was is what the transaction says (app.author), and the rest is
-- found here. Entries of a tenant are chained one after the other.
create function millrace.chain_audit() returns trigger language plpgsql as $$
declare
  author json := nullif(current_setting('app.author', true), '')::json;
  last   record;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.tenant_id::text, 4031967));
  select position, hash into last from millrace.audit where tenant_id = new.tenant_id order by position desc limit 1;
  new.position := coalesce(last.position, 0) + 1;
  new.previous := coalesce(last.hash, '');
  new.at := millrace.now();
  new.who := coalesce(author ->> 'who', 'Millrace');
  new.who_id := author ->> 'id';
  new.by := coalesce(author ->> 'by', 'instance');
  new.address := author ->> 'address';
  new.hash := sha256(convert_to(millrace.audit_text(new), 'UTF8'));
  perform set_config('app.audited', 'yes', true);
  return new;
end $$;
create trigger chain before insert on millrace.audit for each row execute function millrace.chain_audit();

-- Asked before a transaction of somebody commits: what it has written must have left an entry.
create function millrace.require_audit() returns void language plpgsql as $$
begin
  if pg_current_xact_id_if_assigned() is not null and coalesce(current_setting('app.audited', true), '') = '' then
    raise exception 'a change has left no entry in the audit';
  end if;
end $$;

alter table millrace.audit enable row level security, force row level security;
create policy tenant on millrace.audit to millrace_app
  using (tenant_id = any (nullif(current_setting('app.tenants', true), '')::uuid[]));
grant select, insert (tenant_id, action, environment, target, before, after) on millrace.audit to millrace_app;
