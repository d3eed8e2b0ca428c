-- Files, long lists and large values, apart from the runs' data. A row comes before its content and is completed after
-- it, so that whatever breaks off can be found: content without a row cannot be.
create table millrace.payload (
  id          uuid primary key,
  tenant_id   uuid not null references millrace.tenant,
  run_id      uuid,                          -- whose it is; null until a run is started with it. Deleted by retention
  name        text not null,
  media_type  text not null,
  place       text not null,                 -- where the content is, as the setting named it: "database", "folder:…", "s3://…"
  bytes       bigint,                        -- null until complete, as are the two below
  sha256      text,                          -- hexadecimal
  lines       bigint[],                      -- of a list: byte offset of every thousandth item from the first on
  created_at  timestamptz not null default millrace.now()
);
create index payload_of_run on millrace.payload (run_id, sha256);
create index payload_unclaimed on millrace.payload (created_at) where run_id is null or sha256 is null;

-- Content kept in the database: pieces of equal size, the last one smaller.
create table millrace.payload_chunk (
  payload_id  uuid not null references millrace.payload on delete cascade,
  number      integer not null,
  tenant_id   uuid not null references millrace.tenant,
  content     bytea not null,
  primary key (payload_id, number)
);
-- Not compressed: the database's processor is scarcer than its disk.
alter table millrace.payload_chunk alter column content set storage external;

do $$
declare t text;
begin
  foreach t in array array['payload', 'payload_chunk'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;

create policy scan on millrace.payload to millrace_scan using (true);
grant select (id, tenant_id, run_id, sha256, created_at) on millrace.payload to millrace_scan;
