-- A tenant is made within a transaction of its own, so that its audit begins with whoever has made it.
grant insert (id, slug, name) on millrace.tenant to millrace_app;

-- Attempts to sign in, by whom they are counted for: an account, a network prefix. No tenant is known yet.
create table millrace.sign_in_attempts (
  subject     text primary key,                -- SHA-256, since it may be anything that somebody has typed
  attempts    integer not null,
  since       timestamptz not null
);
create index sign_in_attempts_old on millrace.sign_in_attempts (since);
alter table millrace.sign_in_attempts enable row level security, force row level security;
create policy scan on millrace.sign_in_attempts to millrace_scan using (true);
grant select, insert, update, delete on millrace.sign_in_attempts to millrace_scan;
