-- How members of a tenant sign in: whether they need a second factor, and whether by an OpenID provider of the tenant's own.
alter table millrace.tenant add column second_factor_needed boolean not null default false;
grant update (second_factor_needed) on millrace.tenant to millrace_app;

create table millrace.single_sign_on (
  tenant_id    uuid primary key references millrace.tenant,
  issuer       text not null,
  client_id    text not null,
  secret       bytea not null,               -- of the client, sealed as a connection's secrets are
  wrapped_key  bytea not null,
  key_id       text not null,
  domains      text[] not null,              -- of the e-mail addresses that are let in, in lower case
  newcomers    text check (newcomers in ('viewer', 'operator', 'builder', 'admin')), -- null: only who was invited
  passwords    boolean not null              -- whether a password opens the tenant too
);

-- Somebody is on the way to the provider. Whoever comes back must show the state, by its hash, and be the same browser.
create table millrace.single_sign_on_visit (
  state_hash    bytea primary key,
  tenant_id     uuid not null references millrace.tenant,
  browser_hash  bytea not null,
  verifier      text not null,               -- PKCE, RFC 7636
  nonce         text not null,
  issuer        text not null,
  redirect_uri  text not null,
  expires_at    timestamptz not null
);
create index single_sign_on_visit_old on millrace.single_sign_on_visit (tenant_id, expires_at);

do $$
declare t text;
begin
  foreach t in array array['single_sign_on', 'single_sign_on_visit'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
    execute format('create policy scan on millrace.%I to millrace_scan using (true)', t);
  end loop;
end $$;

-- Across tenants it is asked whose state it is, whether a session is still good, and under which keys secrets are sealed.
grant select (state_hash, tenant_id) on millrace.single_sign_on_visit to millrace_scan;
grant select (tenant_id, key_id, passwords) on millrace.single_sign_on to millrace_scan;
